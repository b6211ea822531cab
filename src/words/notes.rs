//! What a program says of itself: one sentence a note.

use super::Lang;

/// What a note is called where several are listed, by its name in the trace.
#[must_use]
pub fn short(lang: Lang, name: &str) -> &str {
    let Some((_, en, zh)) = SHORT.iter().find(|(of, ..)| *of == name) else {
        return name;
    };
    match lang {
        Lang::En => en,
        Lang::Zh => zh,
    }
}

words! {
    /// A server runs a program.
    runs(command: &str, line: &str) { "{command} is in its table: runs {line}", "表里有 {command}：运行 {line}" }
    /// A program has ended.
    ended(command: &str, status: i32, out: &str, err: &str) { "{command} ended with status {status}: {out} out, {err} err", "{command} 结束，退出码 {status}：标准输出（stdout）{out}，标准错误（stderr）{err}" }
    /// Nothing was run.
    not_found(command: &str) { "{command} is not in its table: runs nothing", "表里没有 {command}：什么也不运行" }
    /// A program took too long.
    killed(command: &str, after: &str) { "{command} was killed: it had not ended after {after} ms", "{command} 过了 {after} 毫秒还没结束，被杀掉" }
    /// A program printed too much.
    over_limit(command: &str, limit: &str) { "{command} was killed: it printed more than {limit}", "{command} 打印的超过 {limit}，被杀掉" }
    /// A client takes bytes for a reply.
    takes(command: &str, size: &str, text: &str) { "takes {size} for the reply to {command}: {text}", "把这 {size}当作 {command} 的结果：{text}" }
    /// A client has a whole reply.
    reply(command: &str, status: i32, out: &str, err: &str) { "has the whole reply to {command}: {out} out, {err} err, status {status}", "{command} 的结果收全了：标准输出（stdout）{out}，标准错误（stderr）{err}，退出码 {status}" }
    /// A client is about to ask.
    asks(text: &str) { "asks {text}", "请求 {text}" }
    /// A client has its answer.
    answered(text: &str) { "has the answer {text}", "得到回答 {text}" }
    /// A sender has read so much of its file.
    hashing(done: &str, of: &str) { "has hashed {done} of {of}", "摘要算到 {done}，共 {of}" }
    /// A sender begins.
    sends_file(name: &str, size: &str, digest: &str) { "sends {name}, {size}, {digest}", "要发送 {name}，{size}，{digest}" }
    /// Without a digest.
    without_digest() { "without a digest", "不带摘要" }
    /// A byte becomes another one.
    flips(at: &str) { "before it is sent, and after the digest was made if there is one, byte {at} becomes another one", "发出之前（有摘要的话，摘要已经算好了），第 {at} 个字节被改掉了" }
    /// The file is shorter than it was.
    file_shrank(sent: &str, of: &str) { "the file has shrunk: {sent} of the announced {of} are there; gives up", "文件变短了：说好 {of}，只读得到 {sent}；放弃" }
    /// The file is longer than it was.
    file_grew(of: &str) { "the file has grown meanwhile: only the announced {of} were sent", "发送途中文件变长了：只发了事先说好的 {of}" }
    /// A receiver has a header.
    header_says(name: &str, size: &str, digest: &str) { "header says {name}, {size}, {digest}", "报头说：{name}，{size}，{digest}" }
    /// A name is refused.
    name_refused(name: &str, because: &str) { "REFUSES the name {name}: {because}", "拒绝 {name} 这个名字：{because}" }
    /// A reason.
    name_empty() { "there is none", "名字是空的" }
    /// A reason.
    name_itself() { "it is the folder itself", "这是文件夹自己" }
    /// A reason.
    name_above() { "it leads out of the folder", "它通向文件夹外面" }
    /// A reason.
    name_absolute() { "it begins at the root of the file system", "它从根目录算起" }
    /// A reason.
    name_nested() { "it leads through another folder", "它要穿过另一个文件夹" }
    /// A reason.
    name_control() { "it has a control character in it", "里面有控制字符" }
    /// A reason.
    name_too_long() { "it is longer than 255 bytes", "超过了 255 字节" }
    /// A command is refused, and not repeated.
    command_refused() { "REFUSES the command: it is not in the table", "拒绝这个命令：表里没有" }
    /// No room.
    no_room(size: &str, free: &str) { "REFUSES: {size} announced, room for {free}", "拒收：说好 {size}，这里只放得下 {free}" }
    /// Writing failed.
    cannot_write(error: &str) { "the file cannot be written: {error}", "文件写不下去：{error}" }
    /// How far it is.
    progress(done: &str, of: &str, percent: u64) { "{done} of {of} ({percent} %)", "已收到 {done}，共 {of}（{percent}%）" }
    /// More was taken than belongs to the file.
    took_too_much(name: &str, took: &str, of: &str, text: &str) { "took {took} for {name}, which has {of}; it begins {text}", "把 {took}都当成了 {name}，它本来只有 {of}；开头是 {text}" }
    /// The digests are the same.
    digest_equal(digest: &str) { "digest equal: {digest}", "摘要一致：{digest}" }
    /// They are not.
    digest_differs(said: &str, found: &str) { "digest differs: {said} was announced, what came has {found}", "摘要不一致：说好是 {said}，收到的算出来是 {found}" }
    /// There is none.
    not_hashed() { "no digest was announced, so nothing is compared", "报头里没有摘要，没法核对" }
    /// The file is there.
    kept(name: &str, size: &str) { "keeps {name}, {size}: now named", "保存 {name}，{size}：改为正式文件名" }
    /// It is not.
    not_kept(got: &str) { "the file is not kept: the {got} that came are removed", "不保存这个文件：已收到 {got}，都删掉了" }
    /// What it cost.
    cost(hashing: &str, of: &str) { "{of} ms in all, {hashing} of them for hashing", "共 {of} 毫秒，其中算摘要 {hashing} 毫秒" }
    /// What it cost where nothing is hashed.
    cost_without_digest(of: &str) { "{of} ms in all, nothing hashed", "共 {of} 毫秒，没有算摘要" }
    /// A client is about to put a file.
    puts(name: &str, size: &str) { "puts {name}, {size}", "上传 {name}，{size}" }
    /// A client is gone.
    dies(sent: &str, of: &str) { "stops after {sent} of {of}, and leaves", "一共 {of}，发到第 {sent} 个就不发了，接着消失" }
    /// A client that takes its time.
    is_silent(ms: &str) { "says nothing for {ms} ms, and stays connected", "{ms} 毫秒不说话，也不断开" }
    /// Nobody answered.
    unanswered(files: u32) { "the connection has ended; files without an answer: {files}", "连接断了；没有等到回答的文件有 {files} 个" }
    /// What the folder holds.
    folder_holds(files: &str) { "its folder holds: {files}", "它的文件夹里有：{files}" }
    /// Nothing.
    folder_empty() { "its folder is empty", "它的文件夹是空的" }
    /// A server has answered.
    served(request: u32, text: &str) { "has served request {request}: {text}", "第 {request} 个请求 {text} 处理完了" }
    /// A server has seen a client leave.
    client_left(requests: u32) { "its client has left; requests served: {requests}", "这个客户端走了，一共处理了 {requests} 个请求" }
    /// A program waits for two streams at once.
    waits_for_either(other: &str) { "nothing to read here, nor for {other}: waits in poll for both at once", "这里还没有东西可读，{other}也没有：用 poll 同时等着两边" }
    /// A server sends a challenge.
    challenge_sent(bytes: u32, begins: &str) { "challenge sent: {bytes} fresh bytes, {begins}", "发出挑战：{bytes} 个新的随机字节，{begins}" }
    /// A server accepts an answer.
    mac_equal(over: &str) { "digest over {over} is equal: accepted", "这 {over}的摘要对上了：通过" }
    /// A server accepts an answer that says more than the challenge.
    mac_equal_with_more(over: &str, added: &str) { "digest over {over} is equal: accepted, with {added} that the challenge does not have", "这 {over}的摘要对上了：通过，其中 {added}并不是挑战" }
    /// A server refuses an answer.
    mac_differs() { "digest differs: refused", "摘要对不上：拒绝" }
    /// A server refuses an answer.
    other_challenge() { "the digest is right, but not for the challenge of this connection: refused", "摘要没错，但答的不是这条连接的挑战：拒绝" }
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
    forges(heard: &str, adds: &str) { "has no key: goes on from the digest over {heard} that it has heard, and adds {adds}", "没有密钥：从听到的那个摘要（对 {heard}）接着往下算，再添上 {adds}" }
    /// A client has its reply.
    was_accepted() { "has read that it is accepted", "得知自己通过了" }
    /// A client has its reply.
    was_refused() { "has read that it is refused", "得知自己被拒绝了" }
}

/// The notes by their names in the trace, and what they are called in English and in Chinese.
const SHORT: [(&str, &str, &str); 48] = [
    ("runs", "runs a program", "运行程序"),
    ("ended", "program ended", "等到程序结束"),
    ("not-found", "not in its table", "查不到命令"),
    ("killed", "killed it: too slow", "杀掉超时的程序"),
    ("over-limit", "killed it: printed too much", "杀掉打印过多的程序"),
    ("takes", "took bytes for the reply", "当作结果"),
    ("reply", "whole reply", "收全结果"),
    ("asks", "asks", "请求"),
    ("answered", "has the answer", "得到回答"),
    ("hashing", "hashing", "正在算摘要"),
    ("sends-file", "about to send the file", "要发文件"),
    ("flips", "one byte changed", "改掉一个字节"),
    ("file-shrank", "file shrank", "发现文件变短"),
    ("file-grew", "file grew", "发现文件变长"),
    ("header-says", "header read", "读到报头"),
    ("name-refused", "name refused", "拒绝文件名"),
    ("command-refused", "command refused", "拒绝命令"),
    ("no-room", "no room", "放不下文件"),
    ("cannot-write", "cannot write", "写不下文件"),
    ("progress", "progress", "报进度"),
    ("took-too-much", "took too much", "多拿了"),
    ("digest-equal", "digest equal", "摘要一致"),
    ("digest-differs", "digest differs", "摘要不一致"),
    ("not-hashed", "no digest to compare", "没有摘要可核对"),
    ("kept", "kept", "已保存"),
    ("not-kept", "not kept", "没保存"),
    ("cost", "time spent", "报出用时"),
    ("puts", "uploads", "上传"),
    ("dies", "breaks off", "半路消失"),
    ("is-silent", "says nothing", "不说话"),
    ("unanswered", "left without an answer", "没等到回答"),
    ("folder-holds", "folder listed", "列出文件夹"),
    ("served", "request served", "处理完请求"),
    ("client-left", "client left", "看到客户端走了"),
    ("waits-for-either", "waits for both", "同时等两边"),
    ("challenge-sent", "challenge sent", "发出挑战"),
    ("mac-equal", "digest right: accepted", "摘要对上"),
    ("mac-differs", "digest wrong: refused", "摘要对不上"),
    ("other-challenge", "other challenge: refused", "认出别处的挑战"),
    ("answered-before", "old answer: refused", "认出旧回答"),
    ("unknown-challenge", "unknown challenge: refused", "不认得这个挑战"),
    ("answers-with-key", "answers with the key", "用密钥作答"),
    ("guesses-key", "guesses a key", "猜密钥作答"),
    ("answers-with-text", "answers with plain text", "直接发文字"),
    ("replays", "repeats another's answer", "照搬别人的回答"),
    ("forges", "forges an answer", "伪造回答"),
    ("was-accepted", "was accepted", "得知通过"),
    ("was-refused", "was refused", "得知被拒"),
];
