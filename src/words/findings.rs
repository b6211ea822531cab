//! What was found in a run.

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
    /// No read returned anything.
    never_read() { "nothing was read", "一次也没有读到" }
    /// An empty list.
    no_reads() { "nothing", "（无）" }
    /// Departures as expected.
    departures_were(list: &str) { "departures: {list}", "依次发出：{list}" }
    /// Not as expected.
    departures_were_not(list: &str, expected: &str) { "departures: {list}; expected: {expected}", "依次发出：{list}；应为：{expected}" }
    /// Held until the ACK.
    held_until_ack(messages: &str, until: u32, after: &str, limit: &str) { "{messages} stayed unsent until m{until} was acknowledged, {after} ms after it left{limit}", "m{until} 发出 {after} 毫秒后才被确认{limit}，在此之前 {messages} 一直没有发出" }
    /// A limit behind a time; one of 0 is none.
    at_least_expected(least: u64) { " (at least {least} ms expected)", "（应不少于 {least} 毫秒）" }
    /// Held until the ACK, but the ACK came too soon.
    ack_too_soon(messages: &str, until: u32, after: &str, least: u64) { "{messages} waited for the ACK of m{until}, but it came {after} ms after m{until} left; at least {least} ms expected", "{messages} 等到了 m{until} 的 ACK，但它只隔了 {after} 毫秒；应不少于 {least} 毫秒" }
    /// Not held.
    not_held(message: u32) { "m{message} was not kept waiting: nothing of it was unsent when its send returned", "m{message} 没有被留下：send 返回时它已全部发出" }
    /// Held in part.
    partly_held(message: u32, unsent: &str, of: &str) { "m{message} was kept waiting only in part: {unsent} of {of} were unsent when its send returned", "m{message} 只有一部分被留下：send 返回时，{of}中有 {unsent} 个未发" }
    /// Not staged.
    ack_came_first(message: u32, until: u32) { "m{until} was acknowledged before m{message} was even sent: the machine was too busy for this; run it again", "m{message} 还没发，m{until} 就已被确认：机器太忙，这一次看不出来，请再跑一遍" }
    /// Not staged: a person was slower than the timer.
    ack_came_while_held(message: u32, until: u32) { "m{until} was acknowledged before m{message} was let go: the ACK does not wait for a key. Run it without stepping to see what is held", "m{message} 还没放行，m{until} 就已被确认：ACK 可不等人按键。不要单步，直接跑一遍，就能看到哪些字节被留下" }
    /// Seen too late.
    asked_too_late(message: u32, until: u32) { "the ACK of m{until} came before the lab had looked at what was unsent of m{message}: the machine was too busy for this; run it again", "lab 还没来得及查看 m{message} 有多少没发出，m{until} 的 ACK 就到了：机器太忙，这一次看不出来，请再跑一遍" }
    /// Nothing to wait for.
    nothing_to_wait_for(message: u32, until: u32) { "m{until} had been acknowledged before m{message} was sent: there was nothing left to wait for", "m{message} 发送之前，m{until} 就已被确认：没有什么可等的了" }
    /// The lab was late.
    but_late(seen: &str, late: &str) { "{seen}; but the machine was too busy, and the lab itself was late by {late} ms in all: this decides nothing, run it again", "{seen}；但机器太忙，lab 自己总共耽搁了 {late} 毫秒：这一次不能判断，请再跑一遍" }
    /// What chance did on the wire.
    but_by_chance(seen: &str, parts: &str) { "{seen}; but by chance the wire {parts}: this decides nothing", "{seen}；但线路上碰巧{parts}：这一次不能判断" }
    /// A part of it.
    chance_lost(packets: &str) { "lost {packets}", "丢了 {packets}" }
    /// A part of it.
    chance_twice(packets: &str) { "carried {packets} twice", "有 {packets}到了两次" }
    /// A part of it.
    chance_overtaken(packets: &str) { "let {packets} be overtaken", "有 {packets}被后面的超过" }
    /// A program's patience was shorter than the wire's delay.
    but_delayed(seen: &str, delay: &str) { "{seen}; but on this wire a packet takes {delay} ms each way, and the program waits no longer for that: this decides nothing", "{seen}；但这条线上一个包单程要走 {delay} 毫秒，程序的等待时限并没有因此放宽：这一次不能判断" }
    /// The same for its rate.
    but_slow(seen: &str, rate: &str) { "{seen}; but this wire carries {rate} kbit a second, and the program waits no longer for that: this decides nothing", "{seen}；但这条线每秒只走 {rate} 千比特，程序的等待时限并没有因此放宽：这一次不能判断" }
    /// A file was not written.
    but_not_written(seen: &str, error: &str) { "{seen}; but this machine did not let the file be written ({error}): this decides nothing", "{seen}；但本机写不了这个文件（{error}）：这一次不能判断" }
    /// The same for want of room.
    but_no_room(seen: &str) { "{seen}; but this machine has no room for the file: this decides nothing", "{seen}；但本机放不下这个文件：这一次不能判断" }
    /// What the wire adds to what is allowed.
    with_added(told: &str, added: &str) { "{told}; on this wire more is allowed: {added}", "{told}；在这条线上放宽：{added}" }
    /// Its delay.
    added_delay(ms: &str) { "{ms} ms for its delay, there and back", "往返延迟 {ms} 毫秒" }
    /// Its rate.
    added_rate(ms: &str) { "{ms} ms for its rate", "限速 {ms} 毫秒" }
    /// What was held on it.
    added_held(ms: &str) { "{ms} ms for which packets were held on it", "包被扣住 {ms} 毫秒" }
    /// What was lost on it.
    added_lost(ms: &str) { "{ms} ms until what it lost is sent again", "丢包后重传 {ms} 毫秒" }
    /// Two directions.
    other_flow(one: u32, other: u32) { "m{one} and m{other} were not sent by the same endpoint", "m{one} 和 m{other} 不是同一方发的" }
    /// Not in the trace.
    not_kept(number: usize) { "read {number} returned bytes of a long message, of which only the ends are kept", "第 {number} 次读到的是一条长消息里的字节，而长消息只保留了首尾" }
    /// Left before the ACK.
    left_before_ack(message: u32, until: u32) { "m{message} left before m{until} was acknowledged", "m{message} 在 m{until} 被确认之前就发出了" }
    /// Nothing was held.
    nothing_held() { "no message was kept waiting: after each send nothing was left unsent", "没有消息被留下：每次 send 之后都没有未发的字节" }
    /// Something was.
    something_held(message: u32, size: &str) { "m{message} was kept waiting: {size} unsent after its send", "m{message} 被留下了：send 之后还有 {size}未发" }
    /// One departure.
    were_together(messages: &str, size: &str) { "{messages} left together: one departure of {size}", "{messages} 一起发出：一次发出 {size}" }
    /// One departure of one message.
    left_whole(messages: &str, size: &str) { "{messages} left in one departure of {size}", "{messages} 一次发出，共 {size}" }
    /// Not known.
    more_than_a_segment(size: &str) { "a range of {size} is more than a segment: only when its last byte left is known", "{size}超过一个报文段：只知道最后一个字节何时发出" }
    /// More than one.
    were_apart(messages: &str, count: usize) { "{messages} left in {count} departures, not together", "{messages} 分 {count} 次发出，没有一起走" }
    /// Acknowledged soon enough, or not.
    acked(message: u32, after: &str, within: u64) { "m{message} was acknowledged {after} ms after it left (at most {within} ms expected)", "m{message} 在发出 {after} 毫秒后被确认（应不超过 {within} 毫秒）" }
    /// Acknowledged late enough, or not.
    acked_late(message: u32, after: &str, limit: &str) { "m{message} stayed in the send queue for {after} ms after it had left, until its ACK came{limit}", "m{message} 发出之后还在发送队列里留了 {after} 毫秒，直到 ACK 到来{limit}" }
    /// Acknowledged between two times, or not.
    acked_between(message: u32, after: &str, least: u64, within: u64) { "m{message} was acknowledged {after} ms after it left ({least} to {within} ms expected)", "m{message} 在发出 {after} 毫秒后被确认（应在 {least} 到 {within} 毫秒之间）" }
    /// Datagrams thrown away.
    dropped(count: &str) { "the kernel dropped {count}: the receive queue had no room", "内核丢弃了 {count}：接收队列放不下" }
    /// None thrown away.
    nothing_dropped() { "the kernel dropped nothing", "内核一个也没有丢" }
    /// Something else than expected.
    expected_amount(seen: &str, amount: &str) { "{seen}; expected {amount}", "{seen}；应为 {amount}" }
    /// Another amount than expected.
    another_amount(seen: &str, amount: &str) { "{seen}; expected {amount}", "{seen}；应{amount}" }
    /// An amount.
    exactly(count: u64) { "{count}", "为 {count}" }
    /// An amount.
    at_least(count: u64) { "at least {count}", "至少 {count}" }
    /// An amount.
    at_most(count: u64) { "at most {count}", "至多 {count}" }
    /// Everything was read.
    all_arrived(size: &str) { "all {size} that the program wanted to send were read", "程序想发的 {size}，全部被读到" }
    /// Not everything was read.
    not_all_arrived(read: &str, of: &str) { "of {of} that the program wanted to send, only {read} were read", "程序想发 {of}，只读到 {read}" }
    /// Segments counted.
    segments_sent(who: &str, segments: &str) { "{who} sent {segments} (TCP_INFO)", "{who}发出了 {segments}（TCP_INFO）" }
    /// As many as expected.
    segments_as_expected(who: &str, segments: &str, amount: &str) { "{who} sent {segments} (TCP_INFO; {amount} expected)", "{who}发出了 {segments}（TCP_INFO；应{amount} 个）" }
    /// A call waited.
    recv_blocked(number: u32) { "read {number} waited: there was nothing to read when it was called", "第 {number} 次读等待过：调用时没有可读的数据" }
    /// A call did not wait.
    recv_not_blocked(number: u32) { "read {number} did not wait", "第 {number} 次读没有等待" }
    /// A call waited.
    send_blocked(number: u32) { "the send of m{number} waited for room in the send queue", "m{number} 的 send 等过：发送队列没有空位" }
    /// A write into a pipe waited.
    write_blocked(number: u32) { "the write of m{number} waited for room in the pipe", "m{number} 的 write 等过：管道没有空位" }
    /// A call did not wait.
    send_not_blocked(number: u32) { "the send of m{number} did not wait", "m{number} 的 send 没有等待" }
    /// Claim `blocks`.
    no_recv_blocked() { "no read waited", "没有一次读等待过" }
    /// Claim `blocks`, of a pipe.
    no_write_blocked() { "no write waited", "没有一次 write 等待过" }
    /// Claim `blocks`, of calls that are told together.
    bulk_sends_blocked() { "of many sends some waited for room in the send queue", "许多次 send 里，有的等过发送队列的空位" }
    /// Claim `blocks`, of calls that are told together.
    bulk_reads_blocked() { "of many reads some waited: there was nothing to read", "许多次读里，有的等过：没有可读的数据" }
    /// Claim `blocks`.
    no_send_blocked() { "no send waited", "没有一次 send 等待过" }
    /// There is no such call.
    no_send(number: u32) { "m{number} was never sent", "m{number} 从没有发送" }
    /// Calls failed.
    calls_failed(list: &str) { "calls that failed: {list}", "失败的调用：{list}" }
    /// None failed.
    no_call_failed() { "no call failed", "没有调用失败" }
    /// One call that failed.
    failed_call(who: &str, call: &str, error: &str) { "{call} of {who} ({error})", "{who}的 {call}（{error}）" }
    /// Texts read.
    texts_were(texts: &str) { "the reads were decoded as {texts}", "各次读到的字节解码成 {texts}" }
    /// Other texts than expected.
    texts_were_not(texts: &str, expected: &str) { "the reads were decoded as {texts}; expected {expected}", "各次读到的字节解码成 {texts}；应为 {expected}" }
    /// Places that cannot be decoded.
    malformed(count: u64) { "places that could not be decoded: {count}", "无法解码的地方：{count} 处" }
    /// There is none.
    nothing_malformed() { "there was no place that could not be decoded", "没有无法解码的地方" }
    /// Cannot tell.
    not_counted() { "this machine does not count what it takes to tell (lab doctor says why)", "本机没有判断所需的计数（原因见 lab doctor）" }
    /// Cut off.
    lost(size: &str) { "{size} cut off and lost", "截掉并丢失 {size}" }
    /// Nothing was.
    nothing_lost() { "nothing was cut off", "没有字节被截掉" }
    /// Cut off, but not as much as expected.
    lost_not(size: &str, expected: &str) { "{size} cut off and lost; expected {expected}", "截掉并丢失 {size}；应为 {expected}" }
    /// Stands for what is not known, or more than a sentence can bear.
    left_out() { "...", "…" }
    /// Bytes of which only the beginning is shown.
    beginning(text: &str, size: &str) { "{size} beginning with {text}", "以 {text} 开头的 {size}" }
    /// Bodies delivered.
    frames_were(list: &str) { "the framing reader delivered {list}", "读帧的程序拿到：{list}" }
    /// Others delivered.
    /// The programs of an endpoint noted this.
    notes_were(who: &str, list: &str) { "{who} noted: {list}", "{who}先后：{list}" }
    /// Something else was expected.
    notes_were_not(who: &str, list: &str, expected: &str) { "{who} noted: {list}; expected: {expected}", "{who}先后：{list}；应为：{expected}" }
    /// All endpoints together noted this.
    notes_came(list: &str) { "the notes came in this order: {list}", "这几件事的先后：{list}" }
    /// Something else was expected.
    notes_came_not(list: &str, expected: &str) { "the notes came in this order: {list}; expected: {expected}", "这几件事的先后：{list}；应为：{expected}" }
    /// A client's replies.
    replies(who: &str, list: &str) { "what {who} took for the replies: {list}", "{who}当作结果的：{list}" }
    /// What it took for the reply to one command.
    under_command(number: usize, command: &str, shown: &str) { "command {number} ({command}): {shown}", "第 {number} 条命令（{command}）：{shown}" }
    /// A share of it.
    of_its_own(size: &str) { "{size} of its own", "自己的 {size}" }
    /// Headers in a share of it.
    with_headers(share: &str, headers: &str) { "{share} ({headers} of them headers)", "{share}（其中报头 {headers}）" }
    /// A share of it.
    of_another(size: &str, number: usize, command: &str) { "{size} that answer command {number} ({command})", "第 {number} 条命令（{command}）的 {size}" }
    /// A share of it.
    of_none(size: &str) { "{size} that answer no command", "不属于任何命令的 {size}" }
    /// It took nothing.
    shows_nothing() { "nothing", "什么也没有" }
    /// One of those who wait for ever.
    waits_too(who: &str) { "{who} waits in a call that never returns: nothing is on its way to it, and whoever has not ended waits too", "{who}卡在一次不会返回的调用里：不会再有数据来，其余没结束的各方也在等" }
    /// An endpoint noted this.
    noted(who: &str, note: &str) { "{who} noted: {note}", "有这件事：{who}{note}" }
    /// It did not.
    not_noted(who: &str, note: &str) { "{who} never noted: {note}", "没有这件事：{who}{note}" }
    /// Other bodies than expected.
    frames_were_not(list: &str, expected: &str) { "the framing reader delivered {list}; expected {expected}", "读帧的程序拿到：{list}；应为：{expected}" }
    /// What was unpacked.
    values_were(list: &str) { "unpacked: {list}", "解包得到：{list}" }
    /// Something else than expected.
    values_were_not(list: &str, expected: &str) { "unpacked: {list}; expected: {expected}", "解包得到：{list}；应为：{expected}" }
    /// Gave up as expected.
    gave_up(who: &str, reason: &str) { "{who} gave up: {reason}", "{who}放弃了：{reason}" }
    /// Did not.
    did_not_give_up(who: &str) { "{who} did not give up", "{who}没有放弃" }
    /// A reason.
    reason_short_header(got: u64, of: u64) { "it had {got} of the {of} bytes of a header", "{of} 个字节的报头只拿到 {got} 个" }
    /// A reason.
    reason_short_open_header(got: &str) { "it had {got} of a header, and no newline", "长度头拿到 {got}，没有换行" }
    /// A reason.
    reason_short_line(got: &str) { "it had {got} of a line, and no newline", "一行拿到 {got}，没有换行" }
    /// A reason.
    reason_end_of_stream() { "the stream ended before the next frame", "下一帧没来，流就结束了" }
    /// A reason.
    reason_negative(length: &str) { "a header of {length}", "报头说 {length}" }
    /// A reason.
    reason_not_a_number(found: &str) { "{found} where a digit of the length belongs", "长度的位置上不是数字，而是 {found}" }
    /// A reason.
    reason_too_many_digits(most: &str) { "a length of more than {most}", "长度超过 {most}" }
    /// A reason.
    reason_bad_json() { "a header that is no JSON object", "报头不是 JSON 对象" }
    /// A reason.
    reason_missing_field() { "a header without a size", "报头里没有 size" }
    /// A reason.
    reason_bad_size() { "a size that is no whole number", "size 不是整数" }
    /// A reason.
    reason_line_too_long(limit: &str) { "a line over the limit of {limit}", "一行超过了上限 {limit}" }
    /// A reason.
    reason_bad_escape() { "a backslash that escapes nothing", "反斜杠后面不是能转义的字符" }
    /// A reason.
    reason_timed_out(after: &str, got: &str) { "after {after} ms only {got} of the frame had come", "{after} 毫秒里，这一帧只来了 {got}" }
    /// A reason.
    reason_not_ready() { "the other side did not say ready", "对方没有回 ready" }
    /// So many round trips.
    round_trips(who: &str, messages: &str) { "{who} waited for the other side's word in the middle of {messages}", "{who}有 {messages}发到一半，停下来等对方回话" }
    /// None.
    no_round_trips(who: &str) { "{who} never waited for the other side's word in the middle of a message", "{who}没有在哪条消息中间停下来等对方回话" }
    /// Another number of them.
    round_trips_not(who: &str, messages: &str, expected: u64) { "{who} waited for the other side's word in the middle of {messages}; expected {expected}", "{who}有 {messages}发到一半，停下来等对方回话；应为 {expected} 条" }
    /// A reason.
    reason_short_body(got: &str, of: &str) { "it had {got} of {of}", "{of}只拿到 {got}" }
    /// A reason.
    reason_over_limit(length: &str, limit: &str) { "a header of {length}, over the limit of {limit}", "报头说 {length}，超过上限 {limit}" }
    /// The question's answer.
    one_answer(option: &str) { "the run answers the question: {option}", "这次运行给出了答案：{option}" }
    /// The question has none, or several.
    no_one_answer(count: usize) { "{count} options of the question came true, where exactly one must", "题目有 {count} 个选项成真；应当恰好一个" }
    /// The question cannot be answered.
    not_answered() { "this run does not answer the question", "这次运行回答不了这道题" }
    /// The claim is about a message that was not sent.
    no_message(message: u32) { "there is no message m{message}", "没有消息 m{message}" }
    /// Cannot tell.
    no_queues() { "this machine does not tell what lies unsent in a send queue (lab doctor says why)", "本机看不到发送队列里未发的字节（原因见 lab doctor）" }
    /// Cannot tell.
    no_stamps() { "there is no stamp of a departure or ACK that it takes to tell (lab doctor says what this machine stamps)", "缺少判断所需的发出或 ACK 时间戳（本机能给什么，见 lab doctor）" }
    /// The run hung.
    hang_recv(who: &str, call: &str) { "{who} waits in {call} for bytes nobody has sent", "{who}停在 {call}：没有人发给它" }
    /// The run hung.
    hang_recv_dropped(who: &str, dropped: u64) { "{who} waits in recv for what was sent and dropped: {dropped} in all", "{who}停在 recv：发来的已被内核丢弃，共 {dropped} 个" }
    /// The run hung.
    hang_recv_unsent(who: &str, size: &str) { "{who} waits in recv; {size} for it still lie in the other side's send queue", "{who}停在 recv：给它的 {size}还在对方的发送队列里" }
    /// The run hung.
    hang_send(who: &str, call: &str) { "{who} waits in {call} for room that nobody makes", "{who}停在 {call}：没有人腾出空位" }
    /// Somebody else waits as well when a run hangs.
    hangs_in_send(who: &str, call: &str, size: &str, reader: &str) { "{who} waits in {call}: {size} lie unread before {reader}", "{who}停在 {call}：{reader}那里有 {size}没读" }
    /// A run that was to hang did not.
    ran_to_its_end() { "nothing hung: the run came to its end", "没有卡住：一直运行到了结束" }
    /// The run hung.
    hang_bytes(who: &str, size: &str) { "{who} waits for {size} in its receive queue, and they will not come", "{who}在等接收队列里有 {size}，可它们不会来了" }
    /// The run hung.
    hang_datagrams(who: &str, count: &str) { "{who} waits for {count} in its receive queue, and they will not come", "{who}在等接收队列里有 {count}，可它们不会来了" }
    /// The run hung.
    hang_ack(who: &str) { "{who} waits for an acknowledgement that does not come", "{who}在等一个不会来的确认" }
    /// The run hung.
    hang_turn(who: &str) { "{who} waits for its turn, which does not come", "{who}在等一直轮不到的一步" }
    /// The deadline passed.
    deadline(what: &str, after: &str) { "nothing went on for {after} ms: {what}", "{after} 毫秒没有任何进展：{what}" }
    /// A step cannot be waited for.
    unmeasured(who: &str) { "{who} would have to wait for its queues to fill or empty, and this machine cannot measure that (lab doctor says why)", "{who}要等队列到达某个状态，但本机测不到（原因见 lab doctor）" }
    /// Ctrl-C.
    interrupted() { "interrupted; what was observed until then stands above", "已中断；以上是到那时为止观察到的" }
    /// Something broke.
    broken(error: &str) { "the run broke off: {error}", "运行中断：{error}" }
    /// All is well.
    all_held(count: usize) { "Everything that had to be seen was seen ({count} of {count}).", "预期全部符合（{count}/{count}）。" }
    /// Nothing was expected.
    nothing_expected() { "The scenario expects nothing particular with these knobs.", "旋钮这样设，场景没有写预期。" }
    /// Not all is well.
    some_failed(failed: usize, expectations: &str) { "Not seen: {failed} of {expectations}.", "{expectations}中，有 {failed} 项不符。" }
    /// Some could not be decided.
    some_undecided(undecided: usize, expectations: &str) { "Not decided: {undecided} of {expectations}.", "{expectations}中，有 {undecided} 项无法判断。" }
}
