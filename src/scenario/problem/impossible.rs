//! Well formed, but it cannot happen when the scenario runs.

use super::phrase::{count, said, word};
use crate::scenario::Text;

/// Well formed, but it cannot happen when the scenario runs. `under` names the knobs that differ from their defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Impossible {
    /// It applies neither under the defaults nor under a contrast.
    NeverApplies,
    /// A text is said neither under the defaults, nor under a contrast, nor with any one knob turned.
    NeverSaid,
    /// It is about packets, and no wire joins the endpoints.
    NoWire {
        /// The settings.
        under: String,
    },
    /// The endpoint has closed its socket before.
    AfterClose {
        /// The endpoint.
        endpoint: String,
        /// The settings.
        under: String,
    },
    /// Nothing ever comes, and the other endpoint does not close.
    NothingComes {
        /// The endpoint that says nothing.
        other: String,
        /// The settings.
        under: String,
    },
    /// It reads to the end of a stream that does not end.
    NeverEnds {
        /// The endpoint that does not close.
        other: String,
        /// The settings.
        under: String,
    },
    /// More reads than datagrams.
    NoDatagramLeft {
        /// Which read of the endpoint this is, from 1.
        read: usize,
        /// Datagrams sent to it in the whole scenario.
        datagrams: usize,
        /// The settings.
        under: String,
    },
    /// More is waited for than was sent.
    NeverQueued {
        /// What is waited for.
        asked: u64,
        /// What the earlier steps send.
        sent: u64,
        /// Counted in datagrams, not bytes.
        datagrams: bool,
        /// The settings.
        under: String,
    },
    /// Everything is waited for, and nothing was sent.
    NothingQueued {
        /// The settings.
        under: String,
    },
    /// An acknowledgement is waited for, and nothing was sent.
    NothingSent {
        /// The settings.
        under: String,
    },
    /// A claim about a read there is not.
    NoSuchRead {
        /// Which read.
        read: usize,
        /// How many there are.
        reads: usize,
        /// The settings.
        under: String,
    },
    /// A claim about a message there is not.
    NoSuchMessage {
        /// Which message.
        message: u32,
        /// How many there are.
        messages: usize,
        /// The settings.
        under: String,
    },
    /// No program of this endpoint makes this note.
    NeverNotes {
        /// The endpoint.
        endpoint: String,
        /// The note.
        note: String,
        /// The settings.
        under: String,
    },
    /// No program of any endpoint makes this note.
    NobodyNotes {
        /// The note.
        note: String,
        /// The settings.
        under: String,
    },
    /// An endpoint that is to pack something does not.
    NeverPacks {
        /// The endpoint.
        endpoint: String,
        /// The settings.
        under: String,
    },
    /// Two ends are to be read together, and no thread serves both, or they are those of one connection.
    NotOneThread {
        /// The one.
        endpoint: String,
        /// The other.
        other: String,
        /// The settings.
        under: String,
    },
    /// An endpoint that is to block makes no call that could.
    NeverBlocks {
        /// The endpoint.
        endpoint: String,
        /// The settings.
        under: String,
    },
}

impl Impossible {
    pub(super) fn title(&self) -> Text {
        match self {
            Self::NeverApplies => said(
                "this applies neither under the defaults nor under any contrast",
                "在默认设置和每一组对照下，这里都不适用",
            ),
            Self::NeverSaid => said(
                "this text is said neither under the defaults nor under a contrast, nor with any one knob turned",
                "默认设置、每一组对照、单独拨任何一个旋钮，都用不上这段文字",
            ),
            Self::AfterClose { endpoint, under } => with(
                under,
                &format!("{} has closed its socket before this step", word(endpoint)),
                &format!("{} 在这一步之前已经关闭了套接字", word(endpoint)),
            ),
            Self::NothingComes { other, under } => with(
                under,
                &format!(
                    "this read waits for ever: {} sends nothing and never closes",
                    word(other)
                ),
                &format!("这次读取会一直等下去：{} 什么也不发，也不关闭", word(other)),
            ),
            Self::NeverEnds { other, under } => with(
                under,
                &format!("this reads until the stream ends, and {} never closes", word(other)),
                &format!("这一步要读到流结束，可 {} 始终不关闭", word(other)),
            ),
            Self::NoDatagramLeft { read, datagrams, under } => with(
                under,
                &format!(
                    "read {read} waits for ever: the other endpoint sends {}",
                    count(*datagrams as u64, "datagram")
                ),
                &format!("第 {read} 次读取会一直等下去：对方总共只发 {datagrams} 个数据报"),
            ),
            Self::NeverQueued {
                asked,
                sent,
                datagrams,
                under,
            } => never_queued(*asked, *sent, *datagrams, under),
            Self::NoWire { under } => with(
                under,
                "this is about packets, and the endpoints are not joined by a wire",
                "这里说的是包，可两个端点之间没有线",
            ),
            Self::NothingQueued { under } => with(
                under,
                "the steps before send nothing to this endpoint",
                "前面的步骤没有给这个端点发过东西",
            ),
            Self::NothingSent { under } => with(
                under,
                "this endpoint has sent nothing that could be acknowledged",
                "这个端点还没发过东西，等不到确认",
            ),
            Self::NoSuchRead { read, reads, under } => with(
                under,
                &format!(
                    "there is no read {read}: the steps make {}",
                    count(*reads as u64, "read")
                ),
                &format!("没有第 {read} 次读取：这些步骤总共读 {reads} 次"),
            ),
            Self::NoSuchMessage {
                message,
                messages,
                under,
            } => with(
                under,
                &format!(
                    "there is no message {message}: the steps send {}",
                    count(*messages as u64, "message")
                ),
                &format!("没有第 {message} 条消息：这些步骤总共发 {messages} 条"),
            ),
            Self::NeverNotes { endpoint, note, under } => with(
                under,
                &format!("no program of {} notes {}", word(endpoint), word(note)),
                &format!("{} 的程序不会记下 {}", word(endpoint), word(note)),
            ),
            Self::NobodyNotes { note, under } => with(
                under,
                &format!("no program notes {}", word(note)),
                &format!("没有哪个程序会记下 {}", word(note)),
            ),
            Self::NeverPacks { endpoint, under } => with(
                under,
                &format!("{} packs nothing", word(endpoint)),
                &format!("{} 什么也不打包", word(endpoint)),
            ),
            Self::NotOneThread { endpoint, other, under } => not_one_thread(endpoint, other, under),
            Self::NeverBlocks { endpoint, under } => with(
                under,
                &format!("{} never blocks: it neither sends nor reads", word(endpoint)),
                &format!("{} 不会阻塞：它既不发也不读", word(endpoint)),
            ),
        }
    }

    pub(super) fn help(&self) -> Option<Text> {
        match self {
            Self::NeverApplies => Some(said(
                "add a [[contrast]] under which it does, so that it is run and checked",
                "加一组能让它适用的 [[contrast]]，它才会被运行和检查",
            )),
            Self::NeverSaid => Some(said(
                "another one before it is said instead, or its `when` never holds",
                "要么被前面的抢先了，要么 when 永远不成立",
            )),
            Self::AfterClose { .. } => Some(said("close last", "把 close 放到最后")),
            Self::NotOneThread { .. } => Some(said(
                "give both endpoints the same thread = \"…\"",
                "给这两个端点写上相同的 thread = \"…\"",
            )),
            Self::NeverEnds { other, .. } => Some(said(format!("let {other} close"), format!("让 {other} 关闭"))),
            Self::NothingComes { other, .. } => Some(said(
                format!("let {other} send something, or close"),
                format!("让 {other} 发点什么，或者关闭"),
            )),
            Self::NothingQueued { .. } | Self::NeverQueued { .. } => Some(said(
                "put this step after the sends it waits for",
                "把这一步放到它要等的那些 send 后面",
            )),
            _ => None,
        }
    }
}

/// Adds the settings, if they are not the defaults.
fn with(under: &str, en: &str, zh: &str) -> Text {
    if under.is_empty() {
        return said(en, zh);
    }
    let under: String = under.chars().take(120).collect();
    said(format!("with {under}: {en}"), format!("当 {under} 时，{zh}"))
}

fn never_queued(asked: u64, sent: u64, datagrams: bool, under: &str) -> Text {
    let (unit, zh) = if datagrams {
        ("datagram", "数据报")
    } else {
        ("byte", "字节")
    };
    with(
        under,
        &format!(
            "{} never lie in the queue: the steps before send {sent}",
            count(asked, unit)
        ),
        &format!("队列里不会有 {asked} 个{zh}：前面的步骤一共只发了 {sent} 个"),
    )
}

fn not_one_thread(endpoint: &str, other: &str, under: &str) -> Text {
    let (one, two) = (word(endpoint), word(other));
    with(
        under,
        &format!("{one} cannot read together with {two}: they must be ends of two connections, served by one thread"),
        &format!("{one} 不能和 {two} 一起读：两者要分属两条连接，并由同一个线程负责"),
    )
}
