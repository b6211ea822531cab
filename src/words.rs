//! What the lab says, in English and in Chinese: one function a message, so that the compiler proves both exist.
//!
//! Lengths are in bytes, times in milliseconds. Names of calls, options and files are the same in both languages.

/// The two languages every user text exists in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lang {
    /// English.
    En,
    /// 简体中文.
    Zh,
}

use Lang::{En, Zh};

/// "1 byte", "5 bytes".
#[must_use]
pub fn bytes(lang: Lang, count: u64) -> String {
    match lang {
        En if count == 1 => "1 byte".to_owned(),
        En => format!("{} bytes", grouped(count)),
        Zh => format!("{} 字节", grouped(count)),
    }
}

/// A number with its thousands set apart.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let first = digits.len() % 3;
    let mut out = digits[..first].to_owned();
    for (index, digit) in digits[first..].chars().enumerate() {
        if index % 3 == 0 && !out.is_empty() {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Nanoseconds as milliseconds, with three digits below 10 ms and one above.
#[must_use]
pub fn millis(nanos: u64) -> String {
    let micros = nanos / 1000;
    if micros < 10_000 {
        format!("{}.{:03}", micros / 1000, micros % 1000)
    } else {
        let tenths = (micros + 50) / 100;
        format!("{}.{}", grouped(tenths / 10), tenths % 10)
    }
}

/// "m1", "m1 and m2", "m1, m2 and m3"; of many the first two and the last.
#[must_use]
pub fn messages(lang: Lang, numbers: &[u32]) -> String {
    let names: Vec<String> = match numbers {
        [first, second, .., last] if numbers.len() > 6 => {
            vec![format!("m{first}"), format!("m{second}"), format!("… m{last}")]
        }
        _ => numbers.iter().map(|number| format!("m{number}")).collect(),
    };
    list(lang, &names)
}

/// "a", "a and b", "a, b and c".
#[must_use]
pub fn list(lang: Lang, items: &[String]) -> String {
    match (lang, items) {
        (_, []) => String::new(),
        (_, [one]) => one.clone(),
        (En, [rest @ .., last]) => format!("{} and {last}", rest.join(", ")),
        (Zh, [rest @ .., last]) => format!("{}和 {last}", rest.join("、")),
    }
}

/// An endpoint's name: the usual ones are translated.
#[must_use]
pub fn endpoint(lang: Lang, name: &str) -> String {
    match (lang, name) {
        (Zh, "sender") => "发送方",
        (Zh, "receiver") => "接收方",
        (Zh, "client") => "客户端",
        (Zh, "server") => "服务端",
        _ => name,
    }
    .to_owned()
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident($($arg:ident: $type:ty),*) { $en:literal, $zh:literal })*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name(lang: Lang, $($arg: $type),*) -> String {
            match lang {
                En => format!($en),
                Zh => format!($zh),
            }
        }
    )*};
}

// The head.
words! {
    /// Before what to watch.
    watch() { "Watch", "看点" }
    /// Before a staged condition.
    staged() { "Staged", "布置" }
    /// Before the knobs.
    knobs() { "Knobs", "旋钮" }
    /// Before the question.
    predict() { "Predict", "先猜" }
    /// Before the addresses.
    link() { "Link", "连接" }
    /// Before the cause.
    why() { "Why", "为什么" }
    /// Before an expectation that was met.
    held() { "held", "成立" }
    /// Before one that was not.
    failed() { "FAILED", "不成立" }
    /// Before one that could not be decided.
    undecided() { "not measured", "测不到" }
    /// Before the answer to the question.
    answer() { "Answer", "答案" }
    /// TCP_NODELAY off.
    nagle_on(who: &str) { "{who}: TCP_NODELAY off, so Nagle's algorithm is on (the default)", "{who}：TCP_NODELAY 关，即 Nagle 算法开着（默认如此）" }
    /// TCP_NODELAY on.
    nagle_off(who: &str) { "{who}: TCP_NODELAY on, so Nagle's algorithm is off", "{who}：TCP_NODELAY 开，即关闭 Nagle 算法" }
    /// TCP_QUICKACK off.
    delayed_ack(who: &str) { "{who}: TCP_QUICKACK off, so its ACKs are delayed as on a busy network (a fresh loopback connection would acknowledge at once)", "{who}：TCP_QUICKACK 关，ACK 会延迟，和真实网络上一样（刚建立的回环连接本来会立刻确认）" }
    /// TCP_QUICKACK on.
    quick_ack(who: &str) { "{who}: TCP_QUICKACK on, so it acknowledges at once", "{who}：TCP_QUICKACK 开，收到就确认" }
    /// Some other option.
    option_set(who: &str, option: &str, value: u64) { "{who}: {option} = {value}", "{who}：{option} = {value}" }
    /// Pieces of a message are sent one by one.
    cut_up(who: &str) { "{who}: messages are cut into several sends, to stand for what a network may do", "{who}：一条消息分几次 send 发出，代替网络上可能发生的切分" }
    /// Heading of the time column.
    column_time() { "ms", "毫秒" }
}

// The timeline.
words! {
    /// A departure of one message or part.
    left(what: &str, size: &str) { "{what} left: {size}", "{what} 发出：{size}" }
    /// A departure of several.
    left_together(what: &str, size: &str) { "{what} left together: {size}", "{what} 一起发出：{size}" }
    /// An acknowledgement.
    acknowledged(what: &str, after: &str) { "{what} acknowledged, {after} ms after leaving", "{what} 已确认，距发出 {after} 毫秒" }
    /// An acknowledgement whose departure was not stamped.
    acknowledged_plain(what: &str) { "{what} acknowledged", "{what} 已确认" }
    /// Margin note.
    kernel_stamp() { "kernel stamp", "内核时间戳" }
    /// Name of a queue.
    send_queue() { "send queue", "发送队列" }
    /// Name of a queue.
    receive_queue() { "receive queue", "接收队列" }
    /// A queue without a byte.
    empty() { "empty", "空" }
    /// What a platform cannot answer.
    not_measured() { "not measured here", "本机测不到" }
    /// Part of the send queue.
    unsent(size: &str) { "{size} unsent", "未发 {size}" }
    /// Part of the send queue.
    in_flight(size: &str) { "{size} sent, not acknowledged", "已发未确认 {size}" }
    /// The receive queue.
    waiting(size: &str) { "{size} waiting", "待读 {size}" }
    /// The receive queue of datagrams.
    datagrams_waiting(count: &str, size: &str) { "{count} waiting, {size}", "待读 {count}，{size}" }
    /// Datagrams thrown away.
    dropped(count: u64) { "{count} dropped by the kernel", "内核丢弃 {count} 个" }
    /// A call that cannot go on.
    blocked_recv() { "blocked: nothing to read", "阻塞：没有可读的" }
    /// A call that cannot go on.
    blocked_send() { "blocked: no room in the send queue", "阻塞：发送队列没有空位" }
    /// A blocked call that went on.
    after_blocking(after: &str) { "after {after} ms blocked", "阻塞了 {after} 毫秒" }
    /// A call that had not returned when the run ended.
    never_returned() { "did not return", "没有返回" }
    /// A call that failed.
    call_failed(error: &str) { "fails: {error}", "失败：{error}" }
    /// A step waits.
    waits_for_bytes(size: &str) { "waits until {size} are queued", "等到队列里有 {size}" }
    /// A step waits.
    waits_for_datagrams(count: &str) { "waits until {count} are queued", "等到队列里有 {count}" }
    /// A step waits.
    waits_for_ack() { "waits until everything is acknowledged", "等到全部被确认" }
    /// A step's wait is over.
    waited(after: &str) { "goes on, after {after} ms", "继续，等了 {after} 毫秒" }
    /// The framing reader has a header.
    header_says(size: &str) { "the header says: {size} follow", "报头说：后面有 {size}" }
    /// The framing reader has a body.
    frame(text: &str) { "delivers {text}", "交出 {text}" }
    /// The framing reader gives up.
    short_header(got: u64) { "GIVES UP: a header has 4 bytes, recv returned {got}", "放弃：报头要 4 个字节，recv 只返回 {got} 个" }
    /// The framing reader gives up.
    short_body(got: &str, of: &str) { "GIVES UP: {of} were announced, {got} came", "放弃：说好 {of}，只来了 {got}" }
    /// The framing reader gives up.
    over_limit(length: &str, limit: &str) { "REFUSES: the header says {length}, the limit is {limit}; no memory was taken", "拒收：报头说 {length}，上限是 {limit}；没有为它分配内存" }
    /// The socket was closed.
    closed() { "close", "close" }
    /// No stamps from here on.
    stamps_end() { "a bulk transfer by now: departures are not stamped any more", "已是大量传输：此后不再记录发出的时间戳" }
    /// Margin note of a read.
    reading_whole() { "WHOLE", "完整" }
    /// Margin note of a read.
    reading_stuck(count: usize) { "STUCK: {count} messages in one read", "粘包：{count} 条消息一次读出" }
    /// Margin note of a read.
    reading_partial(got: u64, of: &str) { "PARTIAL: {got} of {of}", "半包：{of}中的 {got}" }
    /// Margin note of a read.
    reading_truncated(lost: &str) { "TRUNCATED: {lost} lost", "截断：丢了 {lost}" }
    /// Margin note of a read.
    reading_empty() { "EMPTY datagram", "空数据报" }
    /// Margin note of a read.
    reading_end() { "END OF STREAM", "流结束" }
    /// Bytes that are not shown.
    left_out(size: &str) { "{size} not shown", "省略 {size}" }
    /// Counters at the end.
    segments(who: &str, count: u64, mss: &str) { "{who}: data went out in {count} segment(s), MSS {mss}", "{who}：数据共发出 {count} 个报文段，MSS {mss}" }
    /// What is measured and what is not.
    legend_tcp() { "Measured: calls, queue lengths (SIOCINQ, SIOCOUTQ), departures and ACKs (kernel stamps). Derived: which bytes lie in a queue.", "实测：调用、队列长度（SIOCINQ、SIOCOUTQ）、发出与 ACK（内核时间戳）。推得：队列里是哪些字节。" }
    /// What is measured and what is not.
    legend_udp() { "Measured: calls, cut-off datagrams (MSG_TRUNC), the receive queue (MSG_PEEK), drops (SO_MEMINFO), departures (kernel stamps). Derived: which bytes lie in a queue.", "实测：调用、被截断的数据报（MSG_TRUNC）、接收队列（MSG_PEEK）、丢弃数（SO_MEMINFO）、发出（内核时间戳）。推得：队列里是哪些字节。" }
    /// Where it was measured.
    measured_on(system: &str) { "Measured on {system}.", "测于 {system}。" }
}

/// "2 datagrams".
#[must_use]
pub fn datagrams(lang: Lang, count: u64) -> String {
    match lang {
        En if count == 1 => "1 datagram".to_owned(),
        En => format!("{} datagrams", grouped(count)),
        Zh => format!("{} 个数据报", grouped(count)),
    }
}

// What was found.
words! {
    /// The reads returned as expected.
    reads_were(texts: &str) { "the reads returned {texts}", "各次读到 {texts}" }
    /// They did not.
    reads_were_not(texts: &str, expected: &str) { "the reads returned {texts}; expected {expected}", "各次读到 {texts}；应为 {expected}" }
    /// One read returned as expected.
    read_was(number: usize, text: &str) { "read {number} returned {text}", "第 {number} 次读到 {text}" }
    /// It did not.
    read_was_not(number: usize, text: &str, expected: &str) { "read {number} returned {text}; expected {expected}", "第 {number} 次读到 {text}；应为 {expected}" }
    /// There was no such read.
    no_read(number: usize) { "there was no read {number}", "没有第 {number} 次读" }
    /// The readings were as expected.
    readings_were(list: &str) { "the reads were: {list}", "各次读的情况：{list}" }
    /// They were not.
    readings_were_not(list: &str, expected: &str) { "the reads were: {list}; expected: {expected}", "各次读的情况：{list}；应为：{expected}" }
    /// Nothing was read.
    no_reads() { "none", "没有" }
    /// Departures as expected.
    departures_were(list: &str) { "departures: {list}", "依次发出：{list}" }
    /// Not as expected.
    departures_were_not(list: &str, expected: &str) { "departures: {list}; expected: {expected}", "依次发出：{list}；应为：{expected}" }
    /// Held until the ACK.
    held_until_ack(messages: &str, until: u32, after: &str, least: u64) { "{messages} stayed unsent until m{until} was acknowledged, {after} ms after it left (at least {least} ms expected)", "{messages} 一直未发，直到 m{until} 被确认，距其发出 {after} 毫秒（应不少于 {least} 毫秒）" }
    /// Held until the ACK, but the ACK came too soon.
    ack_too_soon(messages: &str, until: u32, after: &str, least: u64) { "{messages} waited for the ACK of m{until}, but it came {after} ms after m{until} left; at least {least} ms expected", "{messages} 等到了 m{until} 的 ACK，但它只隔了 {after} 毫秒；应不少于 {least} 毫秒" }
    /// Not held.
    not_held(message: u32) { "m{message} was not held: nothing of it was unsent when its send returned", "m{message} 没有被留住：send 返回时它已全部发出" }
    /// Left before the ACK.
    left_before_ack(message: u32, until: u32) { "m{message} left before m{until} was acknowledged", "m{message} 在 m{until} 被确认之前就发出了" }
    /// Nothing was held.
    nothing_held() { "no message was held: after each send nothing was left unsent", "没有消息被留住：每次 send 之后都没有未发的字节" }
    /// Something was.
    something_held(message: u32, size: &str) { "m{message} was held: {size} unsent after its send", "m{message} 被留住了：send 之后还有 {size} 未发" }
    /// One departure.
    were_together(messages: &str, size: &str) { "{messages} left together: one departure of {size}", "{messages} 一起发出：一次发出 {size}" }
    /// More than one.
    were_apart(messages: &str, count: usize) { "{messages} left in {count} departures, not together", "{messages} 分 {count} 次发出，没有一起走" }
    /// Acknowledged soon enough, or not.
    acked(message: u32, after: &str, within: u64) { "m{message} was acknowledged {after} ms after it left (at most {within} ms expected)", "m{message} 在发出 {after} 毫秒后被确认（应不超过 {within} 毫秒）" }
    /// Cut off.
    lost(size: &str) { "{size} cut off and lost", "截掉并丢失 {size}" }
    /// Cut off, but not as much as expected.
    lost_not(size: &str, expected: &str) { "{size} cut off and lost; expected {expected}", "截掉并丢失 {size}；应为 {expected}" }
    /// Bodies delivered.
    frames_were(list: &str) { "the framing reader delivered {list}", "按长度读的程序拿到 {list}" }
    /// Others delivered.
    frames_were_not(list: &str, expected: &str) { "the framing reader delivered {list}; expected {expected}", "按长度读的程序拿到 {list}；应为 {expected}" }
    /// Gave up as expected.
    gave_up(who: &str, reason: &str) { "{who} gave up: {reason}", "{who}放弃了：{reason}" }
    /// Did not.
    did_not_give_up(who: &str) { "{who} did not give up", "{who}没有放弃" }
    /// A reason.
    reason_short_header(got: u64) { "it had {got} of the 4 bytes of a header", "4 个字节的报头只拿到 {got} 个" }
    /// A reason.
    reason_short_body(got: &str, of: &str) { "it had {got} of {of}", "{of}只拿到 {got}" }
    /// A reason.
    reason_over_limit(length: &str, limit: &str) { "a header of {length}, over the limit of {limit}", "报头说 {length}，超过上限 {limit}" }
    /// The question's answer.
    one_answer(option: &str) { "the run answers the question: {option}", "这次运行给出了答案：{option}" }
    /// The question has none, or several.
    no_one_answer(count: usize) { "{count} options of the question came true; exactly one must", "题目有 {count} 个选项成真；应当恰好一个" }
    /// The claim is about a message that was not sent.
    no_message(message: u32) { "there is no message m{message}", "没有消息 m{message}" }
    /// Cannot tell.
    no_queues() { "this machine does not tell what lies unsent in a send queue", "本机看不到发送队列里未发的字节" }
    /// Cannot tell.
    no_stamps() { "this machine did not stamp the departures or ACKs it takes to tell", "本机没有给出判断所需的发出或 ACK 时间戳" }
    /// The run hung.
    hang_recv(who: &str) { "{who} waits in recv for bytes nobody has sent", "{who}在 recv 里等着，可没有人发过这些字节" }
    /// The run hung.
    hang_send(who: &str) { "{who} waits in send for room that nobody makes", "{who}在 send 里等着，可没有人腾出空位" }
    /// The run hung.
    hang_bytes(who: &str, size: &str) { "{who} waits until {size} are queued, and they will not come", "{who}在等队列里有 {size}，可它们不会来了" }
    /// The run hung.
    hang_datagrams(who: &str, count: &str) { "{who} waits until {count} are queued, and they will not come", "{who}在等队列里有 {count}，可它们不会来了" }
    /// The run hung.
    hang_ack(who: &str) { "{who} waits for an acknowledgement that does not come", "{who}在等一个不会来的确认" }
    /// The run hung.
    hang_turn(who: &str) { "{who} waits for its turn, which does not come", "{who}在等一直轮不到的一步" }
    /// The deadline passed.
    deadline(what: &str, after: u64) { "nothing went on for {after} ms: {what}", "{after} 毫秒没有任何进展：{what}" }
    /// Ctrl-C.
    interrupted() { "interrupted; what was observed until then is above", "已中断；以上是到那时为止观察到的" }
    /// Something broke.
    broken(error: &str) { "the run broke off: {error}", "运行中断：{error}" }
    /// All is well.
    all_held(count: usize) { "Everything that had to be seen was seen ({count} of {count}).", "该看到的都看到了（{count}/{count}）。" }
    /// Nothing was expected.
    nothing_expected() { "The scenario expects nothing particular with these knobs.", "这样拨旋钮，场景没有规定要看到什么。" }
    /// Not all is well.
    some_failed(failed: usize, count: usize) { "{failed} of {count} expectations were not met.", "{count} 条期望中有 {failed} 条没有实现。" }
    /// Some could not be decided.
    some_undecided(undecided: usize, count: usize) { "{undecided} of {count} expectations could not be decided on this machine (lab doctor says why).", "{count} 条期望中有 {undecided} 条在本机无法判断（原因见 lab doctor）。" }
}
