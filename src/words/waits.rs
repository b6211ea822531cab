//! Why what somebody waits for does not come.

words! {
    /// Who waits, and why it does not come.
    because(waits: &str, why: &str) { "{waits}: {why}", "{waits}：{why}" }
    /// A call.
    in_call(who: &str, call: &str) { "{who} waits in {call}", "{who}停在 {call}" }
    /// A step's condition.
    for_queued(who: &str, what: &str) { "{who} waits for {what} in its receive queue", "{who}在等接收队列里有 {what}" }
    /// A step's condition.
    for_acknowledgement(who: &str) { "{who} waits for an acknowledgement", "{who}在等确认" }
    /// Bytes to it.
    to_it_held(packets: &str) { "what was sent to it is held on the wire ({packets})", "发给它的还扣在线上（包 {packets}）" }
    /// Bytes to it.
    to_it_flies(packets: &str) { "what was sent to it is still under way ({packets})", "发给它的还在路上（包 {packets}）" }
    /// Bytes to it.
    to_it_lost(packets: &str) { "what was sent to it was lost on the wire ({packets})", "发给它的丢在线上了（包 {packets}）" }
    /// The end of the stream.
    end_held(packets: &str) { "the end of the stream, which the other side has sent, is held on the wire ({packets})", "对方已结束发送，但这个结束标志（FIN）还扣在线上（包 {packets}）" }
    /// The end of the stream.
    end_flies(packets: &str) { "the end of the stream, which the other side has sent, is still under way ({packets})", "对方已结束发送，但这个结束标志（FIN）还在路上（包 {packets}）" }
    /// The end of the stream.
    end_lost(packets: &str) { "the end of the stream, which the other side has sent, was lost on the wire ({packets})", "对方已结束发送，但这个结束标志（FIN）丢在线上了（包 {packets}）" }
    /// Bytes from it.
    by_it_held(packets: &str) { "what it sent is held on the wire ({packets})", "它发出的还扣在线上（包 {packets}）" }
    /// Bytes from it.
    by_it_flies(packets: &str) { "what it sent is still under way ({packets})", "它发出的还在路上（包 {packets}）" }
    /// Bytes from it.
    by_it_lost(packets: &str) { "what it sent was lost on the wire ({packets})", "它发出的丢在线上了（包 {packets}）" }
    /// An acknowledgement.
    ack_held(packets: &str) { "what it sent has arrived, and the ACK of it is held on the wire ({packets})", "它发出的已经到了，但 ACK 还扣在线上（包 {packets}）" }
    /// An acknowledgement.
    ack_flies(packets: &str) { "what it sent has arrived, and the ACK of it is still under way ({packets})", "它发出的已经到了，但 ACK 还在路上（包 {packets}）" }
    /// An acknowledgement.
    ack_lost(packets: &str) { "what it sent has arrived, and the ACK of it was lost on the wire ({packets})", "它发出的已经到了，但 ACK 丢在线上了（包 {packets}）" }
    /// TCP sends it again.
    and_comes_again(told: &str) { "{told}; it would be sent again when the retransmission timer runs out, which was not waited for", "{told}；重传定时器到时会再发，只是没有等到那时" }
    /// One byte.
    byte_held(packets: &str) { "still held on the wire when the run ended ({packets})", "运行结束时还扣在线上（包 {packets}）" }
    /// One byte.
    byte_flies(packets: &str) { "still under way when the run ended ({packets})", "运行结束时还在路上（包 {packets}）" }
    /// One byte.
    byte_lost(packets: &str) { "lost on the wire ({packets})", "丢在线上了（包 {packets}）" }
    /// The claim that a run hangs, where its deadline ended it.
    no_hang() { "this is no hang: something was still to come by itself when the deadline ended the run", "这不算卡死：期限到、运行被结束时，还有东西会自己到来" }
    /// The claim that somebody hangs who does not.
    does_not_wait(who: &str) { "{who} does not wait in a call that never returns", "{who}没有停在不会返回的调用里" }
}
