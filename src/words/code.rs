//! Comments in the programs that a listing shows. A program is narrow, so they are short.

words! {
    /// At the top of the side that must be there when the other one comes.
    start_first() { "start this one first", "先启动这一个" }
    /// Beside TCP_QUICKACK, which does not stay set.
    quickack_renewed() { "Linux only; the lab renews it at each call", "仅 Linux；lab 在每次调用前重设" }
    /// TCP_QUICKACK in Rust, before the call that does it.
    quickack_in_std() { "Linux only, with TcpStreamExt:", "仅 Linux，要用 TcpStreamExt：" }
    /// An option that Rust's standard library cannot set.
    not_in_std(option: &str, value: u64) { "{option} = {value}: needs crate socket2", "{option} = {value}：要用 socket2 库" }
    /// A step of the lab that the program does not do.
    waits_for_all() { "lab: waits until everything is queued", "lab：等发来的字节全进接收队列" }
    /// A step of the lab that the program does not do.
    waits_for(what: &str) { "lab: waits for {what} to be queued", "lab：等接收队列里有 {what}" }
    /// A step of the lab that the program does not do.
    waits_for_ack() { "lab: waits until all it sent is ACKed", "lab：等自己发的全部被确认" }
    /// A step of the lab that the program does not do.
    at_the_wire() { "lab: does something to the wire", "lab：在线上动手脚" }
    /// At the end of a side that sends: to close would push out what Nagle's algorithm holds.
    stays_open() { "lab: stays open until both are done", "lab：双方都做完才关闭" }
    /// Between the two parts of a cut frame.
    rest_when_read() { "lab: the rest once both are read", "lab：这两个被读走再发其余" }
    /// Before a read that is taken for a whole command.
    one_recv_is_a_command() { "mistake: one recv is one command", "错在：一次 recv 就当成一条命令" }
    /// Before two sends without any framing.
    ends_nowhere() { "mistake: no mark where each ends", "错在：哪里结束，没有标明" }
    /// Before the one read of a reply that is two datagrams.
    two_are_sent() { "mistake: each reply is two datagrams", "错在：一次结果是两个数据报" }
    /// Before a program is run whose files the lab stages.
    beside_its_files() { "lab: in a folder with its files", "lab：在放着文件的文件夹里" }
    /// Rust's standard library waits for a program without end.
    no_time_limit_in_std() { "a time limit: crate wait-timeout", "限时要用 wait-timeout 库" }
    /// After each byte of a frame.
    next_when_read() { "lab: the next once it is read", "lab：这个被读走再发下一个" }
    /// Before a length in characters.
    counts_characters() { "mistake: characters, not bytes", "错在：数的是字符，不是字节" }
    /// Before a length that is written in the wrong byte order.
    read_big_endian() { "mistake: the peer reads big-endian", "错在：对方按大端读" }
    /// Before a length that is written in the wrong byte order.
    read_little_endian() { "mistake: the peer reads little-endian", "错在：对方按小端读" }
    /// Before values that the other side unpacks by another format.
    read_as(format: &str) { "mistake: the peer unpacks \"{format}\"", "错在：对方按 \"{format}\" 解包" }
    /// Before values of which one does not fit.
    out_of_range() { "mistake: out of range, so this fails", "错在：值超出范围，这里会出错" }
    /// Before a single read of a header.
    may_be_short(size: usize) { "mistake: may return fewer than {size}", "错在：不一定读得满 {size} 个字节" }
    /// Before a single read of a body.
    body_may_be_short() { "mistake: may return fewer", "错在：不一定读得满" }
    /// After a send whose count nobody looks at.
    count_ignored() { "mistake: n is ignored, the rest is lost", "错在：没看 n，剩下的丢了" }
    /// After EAGAIN.
    gives_up() { "mistake: gives up, the rest is lost", "错在：就此放弃，剩下的丢了" }
    /// Rust's standard library does not wait for room.
    waits_for_room() { "to wait for room: poll(2), crate rustix", "要等空位：poll(2)，用 rustix 库" }
    /// Rust's standard library decodes UTF-8 only.
    encoding_not_in_std() { "GBK: needs crate encoding_rs", "GBK：要用 encoding_rs 库" }
    /// Bytes of a text in an encoding.
    encoded_text(text: &str, encoding: &str) { "{text} in {encoding}", "{text} 的 {encoding} 编码" }
    /// Rust's standard library has no such socket.
    seqpacket_not_in_std() { "SEQPACKET: crate socket2; here DGRAM", "SEQPACKET 要用 socket2；这里用 DGRAM" }
    /// Rust's standard library makes no named pipe.
    mkfifo_first() { "first: mkfifo lab.sock", "先执行：mkfifo lab.sock" }
    /// Rust's standard library makes no named pipes.
    mkfifo_these_first(paths: &str) { "first: mkfifo {paths}", "先执行：mkfifo {paths}" }
    /// Rust's standard library cannot wait for two files at once.
    thread_for_each() { "std has no poll(2): a thread for each", "标准库没有 poll(2)：每个管道一个线程" }
    /// Before a key.
    keys_elsewhere() { "in earnest: not in the source code", "真用的时候：密钥不要写在源代码里" }
    /// Before a timeout of the socket.
    for_the_whole_answer() { "lab: one deadline for the whole answer", "lab：整个回答共用一个期限" }
    /// Before an answer that is not the client's own.
    heard_on_the_way() { "lab: the answer heard before", "lab：之前听到的那份回答" }
    /// Before an answer that is made without the key.
    made_of_what_was_heard() { "lab: made of the answer heard before", "lab：由之前听到的回答续写而成" }
    /// Before a function that Rust's standard library does not have.
    stands_for_crates(crates: &str) { "stands for crates {crates}", "实际要用 {crates} 库" }
    /// Before a comparison in Rust.
    same_time() { "in earnest: in constant time", "真用的时候：比较要耗时恒定" }
    /// Before decoding a read by itself.
    each_read_alone() { "mistake: may cut a character", "错在：可能切开一个字" }
    /// Before a single read that is taken for a whole header or line.
    believes_one_recv() { "mistake: believes it is all of it", "错在：以为一次就收全了" }
    /// Before a sum that grows too fast.
    adds_all_again() { "mistake: adds all of it again", "错在：把总长又加了一遍" }
    /// Before a length that is not the body's.
    says_wrongly() { "mistake: not the length of the body", "错在：写的不是正文的长度" }
    /// Before the last bytes of a frame that never is whole.
    stops_here() { "and no more; it stays connected", "之后不再发，也不断开" }
    /// Before a wait for the other side's word.
    waits_until_ready() { "a round trip: waits for \"ready\"", "多一次往返：等对方回 ready" }
    /// Where a program has no library to read JSON with.
    no_json_in_std() { "stands for crate serde_json", "实际要用 serde_json 库" }
    /// Where a byte becomes another one.
    flips_a_byte() { "lab: one byte is another one here", "lab：有一个字节在这里被改掉" }
    /// Before the digests that a header may have.
    one_of_these() { "the digest that the header has, if any", "报头里带了哪种摘要就算哪种" }
    /// Before a read of a fixed size.
    takes_too_much() { "mistake: takes what comes next, too", "错在：把后面的也读进来了" }
    /// A client that is gone.
    is_gone() { "lab: sends half of this, and is gone", "lab：只发一半就消失" }
    /// Where Rust's standard library has no digest.
    digest_not_in_std() { "a digest: needs crate sha2", "算摘要：要用 sha2 库" }
    /// Before a message of which only the beginning is shown.
    shortened() { "shortened: the dots stand for the rest", "此处有省略，余下的用点代替" }
    /// Before what a program would write that starts its child itself.
    same_as() { "what a parent does with these calls:", "父进程用下面的调用，做的就是这些：" }
}
