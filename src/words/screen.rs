//! What the screen says besides what every face says of a run.

words! {
    /// Behind the name.
    tagline() { "from which send each byte came, where it lies now, which recv took it", "每个字节来自哪次 send，此刻在哪，被哪次 recv 取走" }
    /// Above the list.
    type_to_filter() { "Type to filter; Enter opens.", "直接打字可以筛选，回车打开。" }
    /// Above the list, while something is typed.
    filter() { "Filter", "筛选" }
    /// Heading of the list.
    scenarios() { "Scenarios", "场景" }
    /// Nothing in the list.
    nothing_fits() { "Nothing fits; Esc shows everything again.", "没有符合的；按 Esc 重新显示全部。" }
    /// Beside the list: which section of the tutorials a scenario belongs to.
    covers(section: &str) { "Covers: {section}", "对应教程：{section}" }
    /// In the list.
    is_broken() { "cannot be read; Enter shows why", "读不了；按回车看原因" }
    /// Beside the list.
    broken_help() { "This file has mistakes. Correct it and open the lab again.", "这个文件有错。改好以后重新打开 lab。" }
    /// The terminal has too few cells.
    too_small(columns: u16, rows: u16, is_columns: u16, is_rows: u16) { "The lab needs {columns} columns and {rows} rows; this window has {is_columns} and {is_rows}. Please make it larger, or its letters smaller.", "窗口要有 {columns} 列、{rows} 行才放得下，现在是 {is_columns} 列、{is_rows} 行。请把窗口拉大，或者把字调小。" }
}

// A run.
words! {
    /// The middle lane.
    on_the_way() { "left and ACKed", "发出与确认" }
    /// The middle lane of a run over a wire.
    on_the_wire() { "on the wire", "线上" }
    /// The middle lane while the wire is in a person's hand.
    in_hand() { "in your hand", "手动扣包" }
    /// A direction of the wire.
    direction_holds() { "holds", "扣住不放" }
    /// A direction of the wire with nothing on it.
    direction_empty() { "nothing", "没有包" }
    /// A packet on the wire.
    packet_held() { "held", "扣住" }
    /// A packet on the wire.
    packet_under_way() { "under way", "在路上" }
    /// More packets than there is room for.
    packets_more(count: usize) { "{count} more", "还有 {count} 个" }
    /// Above the packets that are not on the wire any more.
    packets_gone() { "have gone", "走过的" }
    /// A row of the time strip: packets to the right or to the left.
    strip_packets(arrow: &str) { "pkt {arrow}", "包 {arrow}" }
    /// A run whose wire is held, and no packet is.
    hand_waits() { "h holds the packets that come from now on.", "按 h，从现在起的包都扣在线上。" }
    /// A run whose wire is held by hand.
    hand_holds(count: &str) { "The wire holds {count}; no deadline runs meanwhile.", "线上扣着 {count}；扣着的时候不会超时。" }
    /// Which link, behind the transport.
    over_a_wire() { "over a wire", "虚拟链路" }
    /// The middle lane of datagrams: UDP has no ACKs.
    on_the_way_unacknowledged() { "left", "发出" }
    /// Something has left, but nothing says when.
    no_stamp_yet() { "no stamp yet", "还没有时间戳" }
    /// Nothing in the middle lane.
    nothing_left_yet() { "nothing has left", "还没有字节发出" }
    /// Nothing in the middle lane, and never will be: a pipe or a unix socket.
    nothing_travels() { "No departures and no ACKs here: what is written lies at the other end at once.", "这里没有“发出”和“确认”：写进去就到了。" }
    /// Which connection.
    connection(number: usize, of: usize) { "connection {number}/{of}", "连接 {number}/{of}" }
    /// A row of the time strip.
    strip_left() { "left", "发出" }
    /// A row of the time strip.
    strip_acks() { "ACK", "ACK" }
    /// The time strip's scale.
    strip_time(first: &str, last: &str) { "{first} to {last} ms, true to scale", "{first} 到 {last} 毫秒，按真实比例" }
    /// The time strip's scale.
    strip_evenly(first: &str, last: &str) { "{first} to {last} ms, every event the same width", "{first} 到 {last} 毫秒，每个事件一样宽" }
    /// A datagram in a queue.
    empty_datagram(label: &str) { "[{label}: 0 bytes]", "[{label}：0 字节]" }
    /// Below bytes that were cut off.
    lost() { "lost", "丢失" }
    /// A time.
    at_millis(time: &str) { "{time} ms", "{time} 毫秒" }
    /// A time after a departure.
    later(after: &str) { "+{after} ms", "+{after} 毫秒" }
    /// The run is over, and is played back.
    state_over() { "recorded run", "已跑完 · 回放" }
    /// The run hung, and the lab ended it.
    state_stopped() { "stopped by the lab", "被 lab 停下" }
    /// The run was stepped.
    state_stepped() { "stepped run", "单步运行" }
    /// The run was saved and is shown again.
    state_saved() { "saved run", "已保存的运行" }
    /// The run goes on.
    state_live() { "RUNNING", "正在运行" }
    /// The run waits for a key.
    state_held() { "STEPPING", "单步" }
    /// The run waits for a key.
    held(step: u64, of: u64) { "Step {step} of {of} waits for n. The kernel's timers run on meanwhile.", "第 {step} 步（共 {of} 步）等你按 n。内核的定时器照走不误。" }
    /// The run waits for a key, and its wire is in somebody's hand.
    held_in_hand(step: u64, of: u64) { "n: step {step} of {of}", "按 n 走第 {step} 步（共 {of} 步）" }
    /// The run goes on.
    still_going() { "The run goes on.", "运行还没结束。" }
    /// How a fact is known.
    measured() { "measured", "实测" }
    /// How a fact is known.
    derived() { "derived", "推算" }
    /// How a fact is known.
    staged() { "staged", "布置" }
    /// Nothing is shown yet.
    at_the_start() { "Space plays; the right arrow takes one event.", "空格播放，右箭头走一步。" }
    /// All is shown, and there was a question.
    at_the_end() { "What did you see?  p: your prediction and what happened   e: why", "你看到了什么？  p：对照预测和结果   e：原因" }
    /// All is shown, and there was none.
    at_the_end_why() { "What did you see?  e: why", "你看到了什么？  e：原因" }
    /// The knobs are not those of this run.
    knobs_changed() { "The knobs are set for another run: Enter runs it.", "旋钮已经改了：按回车再跑一次。" }
    /// Before a run that asks nothing.
    press_enter() { "Enter runs it; s runs it step by step.", "回车运行；按 s 单步运行。" }
    /// Two runs.
    second_run() { "The second run goes on …", "正在跑第二次……" }
    /// Two runs.
    common_clock() { "One clock, from each run's first call. Marked lines are in one run only.", "两次运行共用一个时钟，各从自己的第一次调用算起。带记号的行只出现在其中一次。" }
    /// Two runs.
    compare_with() { "Compare with", "和什么比较" }
    /// Two runs.
    compare_help() { "A second run with one knob changed, beside this one.", "只改一个旋钮再跑一次，两次并排看。" }
}

// The question and the knobs.
words! {
    /// How to vote.
    how_to_vote() { "Each letter is a vote; or choose an option and type how many hands. Enter commits and runs; s skips.", "按一次字母记一票；也可以选中一项，直接输入举手的人数。回车提交并运行；s 跳过。" }
    /// How to vote a second time.
    how_to_vote_after() { "Vote again after talking it over: letters or numbers. Enter commits.", "讨论之后再投一次：按字母或输入人数，回车提交。" }
    /// The answer is shown.
    answered_by_this_run() { "Marked is what came true in this very run. v: vote again", "打勾的是这一次运行里真正发生的。v：再投一次" }
    /// There is no answer.
    not_answered() { "This run does not answer the question.", "这次运行回答不了这道题。" }
    /// The answer waits.
    watch_to_the_end() { "The answer comes when the run has been watched to its end.  v: vote again", "看完这次运行，答案才揭晓。  v：再投一次" }
    /// The answer waits.
    run_to_see() { "The run will answer.", "运行一下就知道了。" }
    /// There is no question.
    no_question() { "With these knobs there is no question.", "旋钮这样设，没有题目。" }
    /// A round of votes.
    round(number: usize) { "{number}. ", "第 {number} 次 " }
    /// How many voted.
    votes_in_all(votes: &str) { "{votes} in all", "共 {votes}" }
    /// How many voted in a round.
    votes_in_round(number: usize, votes: &str) { "round {number}: {votes}", "第 {number} 次共 {votes}" }
    /// What digits and arrows do.
    how_to_turn() { "Up and down choose a knob, left and right turn it, digits set a number. Enter runs.", "上下选旋钮，左右改值，数字可以直接输入。回车运行。" }
    /// How a file is chosen.
    file_is_set(knob: &str) { "(chosen at the start: --set {knob}=PATH)", "（启动时用 --set {knob}=路径 指定）" }
    /// The default.
    default_is(value: &str) { "default {value}", "默认 {value}" }
    /// Notice.
    question_first() { "First the question: vote, or press s to skip it.", "先回答问题：投票，或者按 s 跳过。" }
    /// Notice.
    no_votes() { "Nobody has voted yet: press a letter, or s to skip the question.", "还没有人投票：按选项的字母，或者按 s 跳过。" }
    /// Notice.
    not_allowed(allowed: &str) { "That is no value of this knob; it may be {allowed}.", "这个旋钮不能取这个值，可以是 {allowed}。" }
    /// Notice.
    no_knobs() { "This scenario has no knobs.", "这个场景没有旋钮。" }
    /// Notice.
    not_saved(error: &str) { "The run could not be saved: {error}", "没能存下这次运行：{error}" }
    /// Notice.
    not_over_wire() { "This scenario cannot go over a wire: it takes TCP or UDP over IPv4.", "这个场景不能走虚拟链路：那里只传 IPv4 上的 TCP 和 UDP。" }
    /// Notice.
    only_over_wire() { "This scenario is about the wire: it cannot do without.", "这个场景要看的就是线上的包，离不开虚拟链路。" }
    /// Notice.
    no_packets() { "This run went over no wire, so no packet was seen. W runs it over one.", "这次运行没有走虚拟链路，看不到包。按 W 在虚拟链路上再跑一次。" }
    /// Notice.
    no_grip_early() { "The connection is not made yet; try again.", "连接还没建好，稍等再按。" }
    /// Notice.
    no_grip_over() { "The run is over: nothing can be held any more. s runs it step by step, then H.", "运行已经结束，扣不住了。先按 s 单步运行，再按 H。" }
    /// Notice.
    nothing_held() { "No packet is held here to which that could be done.", "这个方向没有能这样处理的包。" }
    /// Notice.
    still_running() { "A run goes on; wait until it is over.", "还在运行，请等它结束。" }
    /// One sentence behind another that has no full stop.
    and_then(first: &str, second: &str) { "{first}. {second}", "{first}。{second}" }
    /// Notice.
    cannot_run(error: &str) { "The run could not begin: {error}", "无法开始运行：{error}" }
}

// Texts over the screen.
words! {
    /// Title.
    title_help() { "Keys", "按键" }
    /// Title.
    title_why() { "What was found, and why", "看到了什么，为什么" }
    /// Title.
    title_journey() { "The journey of a byte", "一个字节走过的路" }
    /// The rest of a journey.
    not_shown_yet() { "what comes after has not been shown yet", "后面的还没演到" }
    /// Title.
    title_mistakes() { "What is wrong with the file", "文件里的错误" }
    /// The cause waits.
    why_later() { "The cause comes when the run has been watched to its end, and the class has said what it expects.", "先让大家说出预测，再把运行看完，原因才揭晓。" }
    /// How far a text is scrolled.
    lines_of(first: usize, last: usize, all: usize) { "{first} to {last} of {all}", "第 {first} 到 {last} 行，共 {all} 行" }
    /// Below the keys.
    help_mouse() { "Mouse: click a byte to follow it, an event to go to it, the time strip to move; the wheel goes event by event.", "鼠标：点字节看它走过的路，点事件跳过去，点时间条移动；滚轮一步一步走。" }
}

// Words of the footer: as short as possible.
words! {
    /// Footer.
    key_open() { "open", "打开" }
    /// Footer.
    key_commit() { "commit", "提交" }
    /// Footer.
    key_less() { "less", "减一票" }
    /// Footer.
    key_more() { "vote", "加一票" }
    /// Footer.
    key_again() { "vote again", "再投" }
    /// Footer.
    key_skip() { "skip", "跳过" }
    /// Footer.
    key_turn() { "turn", "改值" }
    /// Footer.
    key_default() { "default", "默认" }
    /// Footer.
    key_run() { "run", "运行" }
    /// Footer.
    key_compare() { "compare", "比较" }
    /// Footer.
    key_play() { "play", "播放" }
    /// Footer.
    key_byte() { "next byte", "下一个字节" }
    /// The space bar.
    key_space() { "space", "空格" }
    /// An arrow key where no arrow can be drawn.
    key_left() { "Left", "左箭头" }
    /// An arrow key where no arrow can be drawn.
    key_right() { "Right", "右箭头" }
    /// An arrow key where no arrow can be drawn.
    key_up() { "Up", "上箭头" }
    /// An arrow key where no arrow can be drawn.
    key_down() { "Down", "下箭头" }
    /// Footer.
    key_pause() { "pause", "暂停" }
    /// Footer.
    key_run_again() { "run again", "再跑" }
    /// Footer.
    key_let_go() { "next step", "下一步" }
    /// Footer.
    key_let_all_go() { "all steps", "走完" }
    /// Footer.
    key_event() { "event", "事件" }
    /// Footer.
    key_message() { "message", "消息" }
    /// Footer.
    key_stepped() { "step by step", "单步" }
    /// Footer.
    key_knobs() { "knobs", "旋钮" }
    /// Footer.
    key_predict() { "predict", "预测" }
    /// Footer.
    key_why() { "why", "原因" }
    /// Footer.
    key_one() { "one run", "只看一次" }
    /// Footer.
    key_ladder() { "packets", "包" }
    /// Footer.
    key_lanes() { "queues", "队列" }
    /// Footer.
    key_over_wire() { "over a wire", "虚拟链路" }
    /// Footer.
    key_off_wire() { "off the wire", "本机回环" }
    /// Footer.
    key_hold() { "hold by hand", "手动扣包" }
    /// Footer.
    key_hold_all() { "hold", "扣住" }
    /// Footer.
    key_release() { "let go", "放行" }
    /// Footer.
    key_release_all() { "let all go", "全放" }
    /// Footer.
    key_drop() { "drop", "丢掉" }
    /// Footer.
    key_duplicate() { "duplicate", "复制" }
    /// Footer.
    key_swap() { "swap", "对调" }
    /// Footer.
    key_ack_alone() { "ACK alone", "只放 ACK" }
    /// Footer.
    key_to_the_right() { "direction", "方向" }
    /// Footer.
    key_hands_off() { "hands off", "松手" }
    /// Footer.
    key_code() { "code", "代码" }
    /// Footer.
    key_bytes() { "hex", "十六进制" }
    /// Footer.
    key_presenter() { "large", "大字" }
    /// Footer.
    key_language() { "中文", "English" }
    /// Footer.
    key_language_ascii() { "Chinese", "English" }
    /// Footer.
    key_help() { "keys", "按键" }
    /// Footer.
    key_back() { "back", "返回" }
    /// Footer.
    key_close() { "close", "关闭" }
    /// Footer.
    key_quit() { "quit", "退出" }
}

// Lines of the help.
words! {
    /// Help.
    help_open() { "open the chosen scenario", "打开选中的场景" }
    /// Help.
    help_up() { "up", "向上" }
    /// Help.
    help_down() { "down", "向下" }
    /// Help.
    help_page_up() { "a page up", "上翻一页" }
    /// Help.
    help_page_down() { "a page down", "下翻一页" }
    /// Help.
    help_top() { "to the beginning", "到开头" }
    /// Help.
    help_bottom() { "to the end", "到末尾" }
    /// Help.
    help_delete() { "take back the last character", "删掉最后一个字符" }
    /// Help.
    help_commit() { "the class has decided: run, or show the answer", "大家投完了：运行，或者揭晓答案" }
    /// Help.
    help_vote_less() { "one vote less for the chosen option", "选中的一项减一票" }
    /// Help.
    help_vote_more() { "one vote more for the chosen option (so does its letter)", "选中的一项加一票（按它的字母也行）" }
    /// Help.
    help_again() { "a second vote, kept beside the first", "再投一次，和第一次并排显示" }
    /// Help.
    help_skip() { "pass over the question", "跳过这道题" }
    /// Help.
    help_knob_less() { "turn the knob down, or to the value before", "调小，或者换成上一个值" }
    /// Help.
    help_knob_more() { "turn the knob up, or to the next value", "调大，或者换成下一个值" }
    /// Help.
    help_default() { "back to the knob's default", "恢复默认值" }
    /// Help.
    help_run() { "run with the knobs as they are", "按现在的旋钮运行" }
    /// Help.
    help_variant() { "run again with this one knob changed, and compare", "只改这个旋钮再跑一次，做比较" }
    /// Help.
    help_play() { "play, pause; at the end: from the beginning", "播放，暂停；到了末尾就从头再来" }
    /// Help.
    help_let_go() { "step by step: let the next step happen on the real sockets", "单步时：让真实套接字走下一步" }
    /// Help.
    help_let_all_go() { "step by step: let all further steps happen", "单步时：余下的步骤一次走完" }
    /// Help.
    help_next() { "one event forwards", "前进一个事件" }
    /// Help.
    help_previous() { "one event back", "后退一个事件" }
    /// Help.
    help_next_message() { "to the next send or read of a message", "到下一次发送或读取" }
    /// Help.
    help_previous_message() { "to the one before", "到上一次发送或读取" }
    /// Help.
    help_first() { "to the start", "到最前" }
    /// Help.
    help_last() { "to the end", "到最后" }
    /// Help.
    help_stepped() { "run step by step: each step waits for n", "单步运行：每一步都等你按 n" }
    /// Help.
    help_knobs() { "change the knobs", "改旋钮" }
    /// Help.
    help_predict() { "the question, the votes, and afterwards what came true", "题目、投票，以及之后的结果" }
    /// Help.
    help_why() { "what was found, and why", "看到了什么，为什么" }
    /// Help.
    help_compare() { "compare with a run that differs in one knob", "和只差一个旋钮的运行做比较" }
    /// Help.
    help_one() { "back to the one run", "回到单次运行" }
    /// Help.
    help_ladder() { "the packets as a diagram, one arrow each, instead of calls and queues", "把包画成时序图，一个包一个箭头，代替调用和队列" }
    /// Help.
    help_over_wire() { "run over a wire, where every packet is seen; again: without it", "在虚拟链路上再跑一次，每个包都看得到；再按一次回到本机回环" }
    /// Help.
    help_hold() { "while a run on a wire goes on: hold its packets by hand", "虚拟链路上的运行还没结束时：手动扣住线上的包" }
    /// Help.
    help_hold_all() { "hold all packets that come onto the wire from now on, in both directions", "从现在起，两个方向的包都扣在线上" }
    /// Help.
    help_release() { "let the first held packet of this direction go", "放行这个方向扣住的第一个包" }
    /// Help.
    help_release_all() { "let all of this direction go, and hold no more of it", "这个方向的全部放行，以后不再扣" }
    /// Help.
    help_open_all() { "the same in both directions", "两个方向都全部放行，不再扣" }
    /// Help.
    help_drop() { "take the first one off the wire: it is lost", "把第一个包从线上拿掉：它就丢了" }
    /// Help.
    help_duplicate() { "send a copy of the first one on; the packet stays", "第一个包复制一份放行，原来那个还扣着" }
    /// Help.
    help_swap() { "let the first two change places", "前两个包换个先后" }
    /// Help.
    help_ack_alone() { "deliver the ACK of a packet without its data", "只放行包里的 ACK，数据还扣着" }
    /// Help.
    help_to_the_right() { "choose the packets that go to the right", "选往右走的包" }
    /// Help.
    help_to_the_left() { "choose the packets that go to the left", "选往左走的包" }
    /// Help.
    help_hands_off() { "back to the run; what is held stays held", "回到运行；扣住的还扣着" }
    /// Help.
    help_code() { "the equivalent code instead of the calls, with the current line lit", "用等价代码代替调用列表，点亮当前这一行" }
    /// Help.
    help_code_language() { "the code in Python or in Rust", "代码用 Python 或 Rust" }
    /// Help.
    help_bytes() { "bytes as text, or as hex", "字节显示成文字或十六进制" }
    /// Help.
    help_presenter() { "large, for the last row", "大字，给最后一排看" }
    /// Help.
    help_journey() { "follow a byte of this event; again: the next byte", "看这个事件里一个字节走过的路；再按看下一个字节" }
    /// Help.
    help_byte() { "the next byte", "下一个字节" }
    /// Help.
    help_byte_before() { "the byte before", "上一个字节" }
    /// Help.
    help_scale() { "the time strip true to scale, or every event the same width", "时间条按真实比例，或者每个事件一样宽" }
    /// Help.
    help_faster() { "play faster", "播放快些" }
    /// Help.
    help_slower() { "play slower", "播放慢些" }
    /// Help.
    help_pair() { "the next connection, if there are several", "有几条连接时，看下一条" }
    /// Help.
    help_language() { "English or Chinese", "中文或英文" }
    /// Help.
    help_theme() { "dark or light", "深色或浅色" }
    /// Help.
    help_glyphs() { "draw with ASCII only, or with lines and arrows", "只用 ASCII，或者用线条和箭头" }
    /// Help.
    help_help() { "this list", "这张表" }
    /// Help.
    help_back() { "back", "返回" }
    /// Help.
    help_quit_list() { "show everything again; then out of the lab", "重新显示全部；再按一次退出" }
    /// Help.
    help_close() { "close this", "关闭" }
    /// Help.
    help_quit() { "out of the lab at once", "马上退出" }
}

/// The name of an arrow key, by its English one.
#[must_use]
pub fn key_arrow(lang: super::Lang, english: &str) -> String {
    match english {
        "Left" => key_left(lang),
        "Right" => key_right(lang),
        "Up" => key_up(lang),
        "Down" => key_down(lang),
        other => other.to_owned(),
    }
}
