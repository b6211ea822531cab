//! What a program says of itself: one sentence a note.

words! {
    /// A client waits for its answer.
    waits(request: u32) { "request {request} is sent; now it waits for the answer", "第 {request} 个请求发完了，开始等回答" }
    /// A client has its answer.
    answered(request: u32, text: &str) { "the answer to request {request} is here: {text}", "第 {request} 个请求有了回答：{text}" }
    /// A server has answered.
    served(request: u32, text: &str) { "has served request {request}: {text}", "第 {request} 个请求 {text} 处理完了" }
    /// A server has seen a client leave.
    client_left(requests: u32) { "its client has left; requests served: {requests}", "这个客户端走了，一共处理了 {requests} 个请求" }
}
