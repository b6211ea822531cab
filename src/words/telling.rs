//! What a run is told with: its head and its timeline.

words! {
    /// Before what to watch.
    watch() { "Watch", "看点" }
    /// Before a staged condition.
    staged() { "Staged", "布置" }
    /// Before the knobs.
    knobs() { "Knobs", "旋钮" }
    /// Before the question.
    predict() { "Predict", "预测" }
    /// Before the addresses.
    link() { "Sockets", "套接字" }
    /// Before the cause.
    why() { "Why", "为什么" }
    /// Before an expectation that was met.
    held() { "seen", "看到" }
    /// Before one that was not.
    failed() { "FAILED", "没看到" }
    /// Before one that could not be decided.
    undecided() { "unknown", "测不到" }
    /// Before the answer to the question.
    answer() { "Answer", "答案" }
    /// TCP_NODELAY off.
    nagle_on(who: &str) { "{who}: TCP_NODELAY off, so Nagle's algorithm is on (the default)", "{who}：TCP_NODELAY 关，即 Nagle 算法开着（默认如此）" }
    /// TCP_NODELAY on.
    nagle_off(who: &str) { "{who}: TCP_NODELAY on, so Nagle's algorithm is off", "{who}：TCP_NODELAY 开，即关闭 Nagle 算法" }
    /// TCP_QUICKACK off.
    delayed_ack(who: &str) { "{who}: TCP_QUICKACK off, so its ACKs are delayed, as on a connection in interactive use (a fresh Linux connection acknowledges at once)", "{who}：TCP_QUICKACK 关，ACK 会延迟，和交互式通信中的连接一样（Linux 上刚建立的连接会立刻确认）" }
    /// TCP_QUICKACK on.
    quick_ack(who: &str) { "{who}: TCP_QUICKACK on, so it acknowledges at once", "{who}：TCP_QUICKACK 开，收到就确认" }
    /// What a pipe was made to hold.
    pipe_holds(who: &str, size: &str) { "{who}: the pipe holds {size} (F_SETPIPE_SZ)", "{who}：管道装得下 {size}（F_SETPIPE_SZ）" }
    /// Some other option.
    option_set(who: &str, option: &str, value: u64) { "{who}: {option} = {value}", "{who}：{option} = {value}" }
    /// A thread that serves several endpoints.
    goes_first(who: &str) { "whenever both programs could go on, {who} does: its step stands first", "两边都能继续时，先执行{who}（步骤写在前面）" }
    /// Several connections.
    listener_each() { "each connection has a listener, and so a port, of its own here; a server in earnest has one for all its clients", "这里每条连接各有一个监听套接字，所以端口不同；真正的服务端，所有客户端共用一个" }
    /// One thread of several endpoints.
    one_thread(who: &str) { "one thread for {who}: it does their steps one after another", "{who}：共用一个线程，做完一个再做下一个" }
    /// Pieces of a message are sent one by one.
    cut_up(who: &str) { "{who}: messages are cut into several sends, to stand for cuts that TCP may make on a real path", "{who}：一条消息分几次 send 发出，用来模拟 TCP 在实际路径上可能的切分" }
    /// A sender that announces another length than its body has.
    says_wrongly(who: &str, size: &str) { "{who}: announces {size}, whatever its body is", "{who}：正文不管多长，长度都写成 {size}" }
    /// A sender that stops inside a frame.
    stops_after(who: &str, size: &str) { "{who}: sends {size} of its frame, then nothing more, and stays connected", "{who}：这一帧只发 {size}，之后不发也不断开" }
    /// A sender that takes its time.
    dribbles(who: &str, millis: u64) { "{who}: sends its frame byte by byte, with a pause of {millis} ms after each", "{who}：一个字节一个字节地发，每发一个歇 {millis} 毫秒" }
    /// A reader that does not wait without end.
    deadline(who: &str, millis: u64) { "{who}: gives a whole frame {millis} ms, from its first recv on", "{who}：一帧从第一次 recv 算起，最多等 {millis} 毫秒" }
    /// Heading of the time column.
    column_time() { "ms", "毫秒" }
    /// Beside it.
    since_the_start() { "since the start", "从开始算起" }
}

words! {
    /// A departure of one message or part.
    left(what: &str, size: &str) { "{what} left: {size}", "{what} 发出：{size}" }
    /// A departure of several.
    left_together(what: &str, size: &str) { "{what} left together: {size}", "{what} 一起发出：{size}" }
    /// A departure of more than a segment.
    left_by_now(what: &str, size: &str) { "{what}: the last of {size} left; earlier ones may have left before", "{what}：{size}中的最后一个发出；前面的可能早已发出" }
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
    in_flight(size: &str) { "{size} in flight", "在途 {size}" }
    /// Part of the send queue.
    fin_unsent() { "the FIN has not left yet", "FIN 还没有发出" }
    /// Part of the send queue.
    fin_in_flight() { "the FIN is not acknowledged yet", "FIN 还没有被确认" }
    /// The same beside bytes, where there is little room.
    and_fin(bytes: &str) { "{bytes}, then the FIN", "{bytes}，然后是 FIN" }
    /// What became of a send queue.
    thrown_away(size: &str) { "{size} thrown away", "已作废 {size}" }
    /// A figure that is not of this moment.
    as_of(figure: &str, moment: &str) { "{figure} at {moment} ms", "{figure}（{moment} 毫秒时）" }
    /// The receive queue.
    waiting(size: &str) { "{size} waiting", "待读 {size}" }
    /// The receive queue of datagrams.
    datagrams_waiting(count: &str, size: &str) { "{count} waiting, {size}", "待读 {count}，{size}" }
    /// Datagrams thrown away.
    dropped(count: &str) { "{count} dropped by the kernel", "内核已丢弃 {count} 个数据报" }
    /// A call that cannot go on.
    blocked_recv() { "blocked: found nothing to read", "阻塞：当时没有可读的数据" }
    /// A call that cannot go on.
    blocked_send() { "blocked: found no room in the send queue", "阻塞：当时发送队列没有空位" }
    /// A call that cannot go on.
    blocked_write() { "blocked: found no room in the pipe", "阻塞：当时管道没有空位" }
    /// A blocked call that went on.
    after_blocking(after: &str) { "after {after} ms blocked", "阻塞了 {after} 毫秒" }
    /// A call that had not returned when the run ended.
    never_returned() { "did not return", "没有返回" }
    /// A call that failed.
    call_failed(error: &str) { "fails: {error}", "失败：{error}" }
    /// EAGAIN of a send.
    error_no_room() { "EAGAIN (no room just now)", "EAGAIN（现在没有空位）" }
    /// EAGAIN of a recv.
    error_nothing_to_read() { "EAGAIN (nothing to read just now)", "EAGAIN（现在没有可读的数据）" }
    /// EMSGSIZE
    error_too_long() { "EMSGSIZE (the datagram is too long)", "EMSGSIZE（数据报太长）" }
    /// ECONNRESET
    error_reset() { "ECONNRESET (the other side has reset the connection)", "ECONNRESET（对方重置了连接）" }
    /// EPIPE
    error_no_more_sending() { "EPIPE (nothing can be sent here any more)", "EPIPE（这一侧不能再发送了）" }
    /// ECONNREFUSED
    error_nobody_listens() { "ECONNREFUSED (nobody listens there)", "ECONNREFUSED（那里没有人在听）" }
    /// A step waits.
    waits_for_bytes(size: &str) { "waits for {size} in its receive queue", "开始等待：接收队列里要有 {size}" }
    /// A step waits.
    waits_for_datagrams(count: &str) { "waits for {count} in its receive queue", "开始等待：接收队列里要有 {count}" }
    /// A step waits.
    waits_for_ack() { "waits for everything it sent to be acknowledged", "开始等待：发出的要全部被确认" }
    /// A step's wait is over.
    waited_for(what: &str, after: &str) { "has {what} in its receive queue, {after} ms later", "接收队列里有了 {what}，等了 {after} 毫秒" }
    /// A step's wait is over.
    waited_for_ack(after: &str) { "has everything acknowledged, {after} ms later", "全部确认了，等了 {after} 毫秒" }
    /// The framing reader has a header.
    header_says(size: &str) { "the header announces {size}", "长度头说：后面有 {size}" }
    /// The framing reader knows how long the JSON header is.
    json_header_says(size: &str) { "a JSON header of {size} follows", "长度头说：后面是 {size}的 JSON 报头" }
    /// The framing reader has a JSON header.
    json_says(json: &str, size: &str) { "{json}: a body of {size} follows", "{json}：后面是 {size}的正文" }
    /// The framing reader has a body.
    frame(text: &str) { "delivers {text}", "交付 {text}" }
    /// The framing reader has a body, of which only the beginning is shown.
    long_frame(size: &str, text: &str) { "delivers {size}: {text}", "交付 {size}：{text}" }
    /// The framing reader gives up.
    short_header(got: u64, of: u64) { "GIVES UP: a header has {of} bytes, only {got} came", "放弃：报头要 {of} 个字节，只来了 {got} 个" }
    /// The framing reader gives up.
    short_open_header(got: &str) { "GIVES UP: {got} of a header came, and no newline", "放弃：长度头来了 {got}，换行还没来" }
    /// The framing reader gives up.
    short_line(got: &str) { "GIVES UP: {got} of a line came, and no newline", "放弃：这一行来了 {got}，换行还没来" }
    /// The framing reader gives up.
    end_of_stream() { "GIVES UP: the stream ended before the next frame", "放弃：下一帧还没来，流就结束了" }
    /// The framing reader gives up.
    negative(length: &str) { "REFUSES: the header says {length}; no memory was taken", "拒收：报头说 {length}；没有为它分配内存" }
    /// The framing reader gives up.
    not_a_number(found: &str) { "GIVES UP: a length has digits, and here is {found}", "放弃：长度应该是数字，这里却是 {found}" }
    /// The framing reader gives up.
    too_many_digits(most: &str) { "REFUSES: the length has more than {most}", "拒收：长度超过了 {most}" }
    /// The framing reader gives up.
    bad_json() { "GIVES UP: the header is no JSON object", "放弃：报头不是 JSON 对象" }
    /// The framing reader gives up.
    missing_field() { "GIVES UP: the header has no size", "放弃：报头里没有 size" }
    /// The framing reader gives up.
    bad_size() { "GIVES UP: the size is no whole number of bytes", "放弃：size 不是一个整数" }
    /// The framing reader gives up.
    line_too_long(limit: &str) { "REFUSES: {limit} without a newline is the limit for a line", "拒收：一行最多 {limit}，已经超过，还没见到换行" }
    /// The framing reader gives up.
    bad_escape() { "GIVES UP: a backslash with neither n nor a backslash behind it", "放弃：反斜杠后面既不是 n，也不是反斜杠" }
    /// The framing reader gives up.
    timed_out(after: &str, got: &str) { "TIMED OUT: {after} ms are over, and {got} of the frame came", "超时：{after} 毫秒到了，这一帧只来了 {got}" }
    /// The sender of a frame gives up.
    not_ready() { "GIVES UP: the other side did not say ready", "放弃：对方没有回 ready" }
    /// The framing reader gives up.
    short_body(got: &str, of: &str) { "GIVES UP: {of} were announced, {got} came", "放弃：说好 {of}，只来了 {got}" }
    /// The framing reader gives up.
    over_limit(length: &str, limit: &str) { "REFUSES: the header says {length}, the limit is {limit}; no memory was taken", "拒收：报头说 {length}，上限是 {limit}；没有为它分配内存" }
    /// The program gives the rest of a message up.
    abandoned(message: u32, rest: &str) { "the program gives up the rest of m{message}: {rest} that the kernel never got", "程序放弃了 m{message} 剩下的部分：{rest}没有交给内核" }
    /// The program gives a message up.
    abandoned_whole(message: u32) { "the program gives m{message} up: the kernel got nothing of it", "程序放弃了 m{message}：内核一个字节也没收下" }
    /// Beside a send that took less than it was given.
    short_send(taken: &str, asked: &str) { "SHORT: {taken} of {asked} bytes taken", "只收下 {taken}/{asked} 字节" }
    /// A text that was decoded.
    decoded(text: &str) { "decodes \"{text}\"", "解码得到“{text}”" }
    /// No whole character yet.
    decoded_nothing() { "no whole character yet: keeps the bytes for the next read", "还凑不成一个字，先留着" }
    /// A text that could not be decoded in whole.
    garbled(text: &str) { "decodes \"{text}\": GARBLED in 1 place", "解码得到“{text}”：乱码 1 处" }
    /// Bytes that are no text, in several places.
    garbled_often(text: &str, places: u64) { "decodes \"{text}\": GARBLED in {places} places", "解码得到“{text}”：乱码 {places} 处" }
    /// TCP_CORK on.
    corked() { "sets TCP_CORK: only full segments leave until it is taken off", "设置 TCP_CORK：在取消之前，只有攒满的报文段才会发出" }
    /// TCP_CORK off.
    uncorked() { "takes TCP_CORK off: what was kept back leaves", "取消 TCP_CORK：之前留下的一起发出" }
    /// What joins the endpoints.
    pipe() { "a pipe", "管道" }
    /// The socket was closed.
    closed() { "close", "close" }
    /// It was closed so that the connection is broken off.
    reset() { "reset: close with SO_LINGER 0, an RST instead of a FIN", "reset：SO_LINGER 设为 0 再 close，发 RST，不发 FIN" }
    /// Many calls in one line.
    many_calls(call: &str, calls: &str, bytes: &str, took: &str) { "{calls} more calls of {call}: {bytes} in {took} ms", "又调用了 {calls} 次 {call}：{took} 毫秒里一共 {bytes}" }
    /// Beside it.
    of_them_waited(count: &str) { "{count} of them had to wait", "其中 {count} 次要等" }
    /// No stamps from here on.
    stamps_end() { "a bulk transfer by now: departures are not stamped any more", "已是大量传输：此后不再记录发出的时间戳" }
    /// What happens over and over, in one line.
    same_again_of(times: &str, from: u32, to: u32) { "the same {times}, m{from} to m{to}", "同样的情形再来 {times}，m{from} 到 m{to}" }
    /// The same where it is about no message.
    same_again(times: &str) { "the same {times}", "同样的情形再来 {times}" }
    /// Behind it.
    until_moment(moment: &str) { ", until {moment} ms", "，到 {moment} 毫秒为止" }
    /// After the last moment of a run that hangs.
    stopped_by_the_lab() { "nobody goes on any more: here the lab ends the run", "各方都停住了，不会再有进展，lab 结束运行" }
    /// After the last moment of a run that came to its deadline.
    stopped_after(ms: &str) { "nothing went on for {ms} ms, the run's deadline: here the lab ends it", "{ms} 毫秒里毫无动静，到了这次运行的期限：lab 到这里结束它" }
    /// Margin note of a read.
    reading_whole() { "WHOLE", "完整" }
    /// Margin note of a read.
    reading_stuck(what: &str) { "STUCK TOGETHER: {what} in one read", "粘包：{what}一次读出" }
    /// What stuck together.
    stuck_messages(count: usize) { "{count} messages", "{count} 条消息" }
    /// What stuck together.
    stuck_end(message: u32) { "the end of m{message}", "m{message} 的末尾" }
    /// What stuck together.
    stuck_whole(message: u32) { "m{message}", "m{message}" }
    /// What stuck together.
    stuck_beginning(message: u32) { "the beginning of m{message}", "m{message} 的开头" }
    /// Margin note of a read.
    reading_of_file(size: &str) { "{size} of the file", "文件内容 {size}" }
    /// Margin note of a read.
    reading_rest(got: &str, of: &str, message: u32) { "the rest of m{message}: its last {got} of {of} bytes", "m{message} 的剩余部分：{of} 个字节中的最后 {got} 个" }
    /// Margin note of a read.
    reading_rest_of_header(got: u64, of: u64, message: u32) { "the rest of the header of m{message}: {got} of its {of} bytes", "m{message} 长度头的剩余部分：{of} 个字节中的 {got} 个" }
    /// Margin note of a read.
    reading_rest_of_json(got: u64, of: u64, message: u32) { "the rest of the JSON header of m{message}: {got} of its {of} bytes", "m{message} JSON 报头的剩余部分：{of} 个字节中的 {got} 个" }
    /// Margin note of a read.
    reading_rest_of_body(got: &str, of: &str, message: u32) { "the rest of the body of m{message}: {got} of its {of} bytes", "m{message} 正文的剩余部分：{of} 个字节中的 {got} 个" }
    /// Margin note of a read.
    reading_more(got: &str, of: &str) { "PARTIAL: {got} more of {of} bytes", "半包：{of} 个字节又读到 {got} 个" }
    /// Margin note of a read.
    reading_more_of_header(got: u64, of: u64, message: u32) { "PARTIAL: {got} more of the {of} header bytes of m{message}", "半包：m{message} 的长度头 {of} 个字节又到 {got} 个" }
    /// Margin note of a read.
    reading_more_of_json(got: u64, of: u64, message: u32) { "PARTIAL: {got} more of the {of} bytes of the JSON header of m{message}", "半包：m{message} 的 JSON 报头 {of} 个字节又到 {got} 个" }
    /// Margin note of a read.
    reading_more_of_body(got: &str, of: &str, message: u32) { "PARTIAL: {got} more of the {of} body bytes of m{message}", "半包：m{message} 的正文 {of} 个字节又到 {got} 个" }
    /// Margin note of a read.
    reading_partial(got: &str, of: &str) { "PARTIAL: {got} of {of} bytes", "半包：{of} 个字节只读到 {got} 个" }
    /// Margin note of a read.
    reading_part_of_header(got: u64, of: u64, message: u32) { "PARTIAL: {got} of the {of} header bytes of m{message}", "半包：m{message} 的长度头 {of} 个字节只到 {got} 个" }
    /// Margin note of a read.
    reading_part_of_json(got: u64, of: u64, message: u32) { "PARTIAL: {got} of the {of} bytes of the JSON header of m{message}", "半包：m{message} 的 JSON 报头 {of} 个字节只到 {got} 个" }
    /// Margin note of a read.
    reading_part_of_body(got: &str, of: &str, message: u32) { "PARTIAL: {got} of the {of} body bytes of m{message}", "半包：m{message} 的正文 {of} 个字节只到 {got} 个" }
    /// Margin note of a read.
    reading_share_of_body(got: &str, of: &str, message: u32) { "{got} of the {of} body bytes of m{message}", "m{message} 的正文 {of} 个字节中的 {got} 个" }
    /// Margin note of a read.
    reading_json(message: u32) { "JSON header of m{message}", "m{message} 的 JSON 报头" }
    /// Margin note of a read.
    reading_whole_header(message: u32) { "both headers of m{message}", "m{message} 的长度头和 JSON 报头" }
    /// Margin note of a read.
    reading_too_much(message: u32, size: &str) { "header of m{message} and {size} more", "m{message} 的长度头，还多读了 {size}" }
    /// Margin note of a read.
    reading_line(message: u32) { "m{message} without its newline", "m{message}，换行还没到" }
    /// Margin note of a read.
    reading_newline(message: u32) { "the newline of m{message}", "m{message} 的换行" }
    /// Margin note of a read.
    reading_header(message: u32) { "header of m{message}", "m{message} 的长度头" }
    /// Margin note of a read.
    reading_header_only(message: u32) { "header of m{message} (body: 0 bytes)", "m{message} 的长度头（正文 0 字节）" }
    /// Margin note of a read.
    reading_body(message: u32) { "body of m{message}", "m{message} 的正文" }
    /// Margin note of a read.
    reading_truncated(lost: &str) { "TRUNCATED: {lost} lost", "截断：丢了 {lost}" }
    /// Margin note of a read.
    reading_empty() { "EMPTY datagram", "空数据报" }
    /// Margin note of a read.
    reading_end() { "END OF STREAM", "流结束" }
    /// Margin note of a read.
    reading_broken() { "0: the connection is broken", "0：连接已断" }
    /// Bytes that are not shown.
    left_out(size: &str) { "{size} not shown", "省略 {size}" }
    /// Counters at the end.
    segments(who: &str, count: u64, mss: &str) { "Segments with data from {who}: {count} (TCP_INFO; snd_mss {mss} bytes).", "{who}发出的报文段中，携带数据的有 {count} 个（TCP_INFO；snd_mss 为 {mss} 字节）。" }
    /// Staged by a step that waits for the queue.
    late_reader(who: &str) { "{who}: comes late, and reads only when what it waits for lies in its receive queue", "{who}：故意晚读，等接收队列里到齐了才调用 recv" }
    /// Staged by a step that waits for the ACK.
    waits_between(who: &str) { "{who}: waits for the ACK between its sends", "{who}：两次 send 之间等 ACK" }
    /// Staged by a step that waits for the ACK when nothing more is sent.
    waits_at_the_end(who: &str) { "{who}: having sent, waits until everything is acknowledged", "{who}：发完以后，等到全部被确认" }
    /// What a part of a message is called.
    about_parts(example: &str) { "{example} is a part of a message: its bytes are counted from 0, and the second number is the byte after the last.", "{example} 是消息的一部分：字节从 0 数起，后一个数是最后一个字节的下一个。" }
    /// Why bytes lie in two queues.
    about_queues() { "A byte that has arrived and is not acknowledged yet lies in both queues.", "已经到达、还没被确认的字节，同时在两个队列里。" }
    /// What is measured and what is not.
    legend(measured: &str) { "Measured: {measured}. Derived: which bytes lie in a queue.", "实测：{measured}。推算：队列里是哪些字节。" }
    /// Behind the first of them.
    each_is_in_json() { "each: --format json", "逐个看：--format json" }
    /// Between the items of a list.
    comma() { ", ", "、" }
    /// Behind a moment.
    behind_moment() { ", ", "，" }
    /// Between sentences that belong together.
    semicolon() { "; ", "；" }
    /// Before a list.
    colon() { ": ", "：" }
    /// A measured fact.
    fact_calls() { "calls and what they returned", "调用及其返回" }
    /// A measured fact.
    fact_receive_queue() { "receive queues (SIOCINQ)", "接收队列（SIOCINQ）" }
    /// A measured fact.
    fact_send_queue() { "send queues (SIOCOUTQ)", "发送队列（SIOCOUTQ）" }
    /// A measured fact.
    fact_stamps() { "departures and ACKs (kernel stamps)", "发出与 ACK（内核时间戳）" }
    /// A measured fact.
    fact_departures() { "departures (kernel stamps)", "发出（内核时间戳）" }
    /// A measured fact.
    fact_datagrams() { "waiting datagrams (MSG_PEEK)", "等待中的数据报（MSG_PEEK）" }
    /// A measured fact.
    fact_truncation() { "cut-off datagrams (MSG_TRUNC)", "被截断的数据报（MSG_TRUNC）" }
    /// A measured fact.
    fact_drops() { "drops (SO_MEMINFO)", "丢弃数（SO_MEMINFO）" }
    /// Where it was measured.
    measured_on(system: &str) { "Measured on {system}.", "测于 {system}。" }
}

words! {
    /// Which byte a journey is of; the first is number 1.
    byte_of(message: u32, number: u64, of: &str, value: &str) { "m{message}, byte {number} of {of}: {value}", "m{message} 的第 {number} 个字节（共 {of}）：{value}" }
    /// The call that handed a byte over.
    byte_sent(call: &str, at: &str) { "handed over by the {call} at {at} ms", "{at} 毫秒的 {call} 把它交给内核" }
    /// The call blocked.
    byte_sent_late(call: &str, at: &str, returned: &str) { "handed over by the {call} at {at} ms, which blocked and returned at {returned} ms", "{at} 毫秒的 {call} 把它交给内核；那次 {call} 阻塞了，到 {returned} 毫秒才返回" }
    /// The call never returned, or took less.
    byte_in_open_send(call: &str, at: &str) { "in the {call} at {at} ms; that the kernel took it was not recorded", "在 {at} 毫秒的 {call} 里；内核收没收下它，没有记录" }
    /// There was no such call.
    byte_not_sent(call: &str) { "no {call} took it", "没有哪次 {call} 带走它" }
    /// Its departure.
    byte_left(at: &str) { "left at {at} ms", "{at} 毫秒时发出" }
    /// Its departure, at the latest.
    byte_left_by(at: &str) { "had left by {at} ms, perhaps earlier", "最晚 {at} 毫秒时已发出，也可能更早" }
    /// It went with the connection.
    byte_thrown_away() { "thrown away when the connection was broken off: it had not been acknowledged", "连接断开时作废：还没有被确认" }
    /// It never left.
    byte_unsent() { "still unsent in the send queue when the run ended", "运行结束时还在发送队列里，未发" }
    /// Nobody stamped its departure.
    byte_left_unknown() { "when it left was not stamped", "何时发出，没有时间戳" }
    /// Its acknowledgement.
    byte_acknowledged(at: &str) { "acknowledged at {at} ms", "{at} 毫秒时被确认" }
    /// Its acknowledgement, at the latest.
    byte_acknowledged_by(at: &str) { "acknowledged by {at} ms, perhaps earlier", "最晚 {at} 毫秒时已被确认，也可能更早" }
    /// Nobody stamped its acknowledgement.
    byte_acknowledged_unknown() { "when it was acknowledged was not stamped", "何时被确认，没有时间戳" }
    /// The read that took it.
    byte_taken(call: &str, at: &str, number: u64, of: &str) { "taken by the {call} at {at} ms, as byte {number} of {of}", "{at} 毫秒的 {call} 把它读走：读到的 {of}里，它是第 {number} 个" }
    /// The read that lost it.
    byte_cut_off(at: &str, asked: u64) { "TRUNCATED: the recv({asked}) at {at} ms had no room for it, so it is gone", "截断：{at} 毫秒的 recv({asked}) 放不下它，它就没了" }
    /// Nobody read it.
    byte_waits() { "still in the receive queue when the run ended", "运行结束时还在接收队列里" }
    /// Nobody read it.
    byte_taken_among(call: &str, at: &str) { "one of the {call} calls that are told together at {at} ms returned it", "{at} 毫秒处合在一起讲的那些 {call} 中，有一次读到它" }
    /// How a journey ends.
    byte_never_read(call: &str) { "no {call} returned it", "没有哪次 {call} 读到它" }
}
