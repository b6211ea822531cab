//! Comments in the programs that a listing shows. A program is narrow, so they are short.

words! {
    /// At the top of the side that must be there when the other one comes.
    start_first() { "start this one first", "先启动这一个" }
    /// Beside TCP_QUICKACK, which does not stay set.
    quickack_renewed() { "Linux only; the lab renews it at each call", "仅 Linux；实验在每次调用前重设" }
    /// TCP_QUICKACK in Rust, before the call that does it.
    quickack_in_std() { "Linux only, with TcpStreamExt:", "仅 Linux，要用 TcpStreamExt：" }
    /// An option that Rust's standard library cannot set.
    not_in_std(option: &str, value: u64) { "{option} = {value}: needs crate socket2", "{option} = {value}：要用 socket2 库" }
    /// A step of the lab that the program does not do.
    waits_for_all() { "lab: waits until everything is queued", "实验：等发来的字节全进接收队列" }
    /// A step of the lab that the program does not do.
    waits_for(what: &str) { "lab: waits until {what} are queued", "实验：等接收队列里有 {what}" }
    /// A step of the lab that the program does not do.
    waits_for_ack() { "lab: waits until all it sent is ACKed", "实验：等自己发的全部被确认" }
    /// At the end of a side that sends: to close would push out what Nagle's algorithm holds.
    stays_open() { "lab: stays open until both are done", "实验：双方都做完才关闭" }
    /// Between the two parts of a cut frame.
    rest_when_read() { "lab: the rest once both are read", "实验：这两个被读走再发其余" }
    /// After each byte of a frame.
    next_when_read() { "lab: the next once it is read", "实验：这个被读走再发下一个" }
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
    /// Before a message of which only the beginning is shown.
    shortened() { "shortened: the dots stand for the rest", "此处有省略，余下的用点代替" }
}
