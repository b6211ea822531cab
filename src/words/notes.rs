//! What a program says of itself: one sentence a note.

words! {
    /// A client is about to ask.
    asks(text: &str) { "asks {text}", "请求 {text}" }
    /// A client has its answer.
    answered(text: &str) { "has the answer {text}", "得到回答 {text}" }
    /// A server has answered.
    served(request: u32, text: &str) { "has served request {request}: {text}", "第 {request} 个请求 {text} 处理完了" }
    /// A server has seen a client leave.
    client_left(requests: u32) { "its client has left; requests served: {requests}", "这个客户端走了，一共处理了 {requests} 个请求" }
    /// A program waits for two streams at once.
    waits_for_either(other: &str) { "nothing to read here, nor for {other}: waits in poll for both at once", "这里和 {other} 都还没有东西可读：用 poll 同时等着两边" }
}
