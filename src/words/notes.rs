//! What a program says of itself: one sentence a note.

words! {
    /// A server runs a program.
    runs(command: &str, line: &str) { "{command} is in its table: runs {line}", "表里有 {command}：运行 {line}" }
    /// A program has ended.
    ended(command: &str, status: i32, out: &str, err: &str) { "{command} ended with status {status}: {out} out, {err} err", "{command} 结束，退出码 {status}：标准输出 {out}，标准错误 {err}" }
    /// Nothing was run.
    not_found(command: &str) { "{command} is not in its table: runs nothing", "表里没有 {command}：什么也不运行" }
    /// A program took too long.
    killed(command: &str, after: u64) { "{command} was killed: it had not ended after {after} ms", "{command} 过了 {after} 毫秒还没结束，被杀掉" }
    /// A program printed too much.
    over_limit(command: &str, limit: &str) { "{command} was killed: it printed more than {limit}", "{command} 打印的超过 {limit}，被杀掉" }
    /// A client takes bytes for a reply.
    takes(command: &str, size: &str, text: &str) { "takes {size} for the reply to {command}: {text}", "把这 {size}当作 {command} 的结果：{text}" }
    /// A client has a whole reply.
    reply(command: &str, status: i32, out: &str, err: &str) { "has the whole reply to {command}: {out} out, {err} err, status {status}", "{command} 的结果收全了：标准输出 {out}，标准错误 {err}，退出码 {status}" }
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
    /// A server sends a challenge.
    challenge_sent(bytes: u32, begins: &str) { "challenge sent: {bytes} fresh bytes, {begins}…", "发出挑战：{bytes} 个新的随机字节，{begins}…" }
    /// A server accepts an answer.
    mac_equal(over: u32) { "digest over {over} bytes is equal: accepted", "对 {over} 个字节的摘要相同：通过" }
    /// A server accepts an answer that says more than the challenge.
    mac_equal_with_more(over: u32, added: u32) { "digest over {over} bytes is equal: accepted, with {added} bytes that are not the challenge", "对 {over} 个字节的摘要相同：通过，其中 {added} 个字节并不是挑战" }
    /// A server refuses an answer.
    mac_differs() { "digest differs: refused", "摘要不同：拒绝" }
    /// A server refuses an answer.
    answered_before() { "the digest is right, but this answer was given before: refused", "摘要没错，但这份回答以前用过：拒绝" }
    /// A server refuses an answer.
    unknown_challenge() { "this challenge was never sent: refused", "没有发过这个挑战：拒绝" }
    /// A client answers.
    answers_with_key(scheme: &str) { "answers with the {scheme} under the key", "用密钥算出 {scheme} 作答" }
    /// A client answers.
    guesses_key(scheme: &str) { "has no key, and guesses one for its {scheme}", "没有密钥，猜了一个来算 {scheme}" }
    /// A client answers.
    answers_with_text(text: &str) { "knows of no challenge, and sends {text}", "不知道要应答挑战，直接发来 {text}" }
    /// A client answers.
    replays() { "sends the answer that it has heard another client give", "照搬它听到的别人的回答" }
    /// A client answers.
    forges(heard: u32, adds: &str) { "has no key: goes on from the digest over {heard} bytes that it has heard, and adds {adds}", "没有密钥：从听到的那个摘要（对 {heard} 个字节）接着往下算，再添上 {adds}" }
    /// A client has its reply.
    was_accepted() { "has read that it is accepted", "得知自己通过了" }
    /// A client has its reply.
    was_refused() { "has read that it is refused", "得知自己被拒绝了" }
}
