//! Errors of the system, and of what was being done: in the reader's language, with the system's own words beside them as
//! the fact that they are.
//!
//! What is recorded of an error is one text: who, doing what, and what the system says (`client: connect: Connection
//! refused (os error 111)`). It is told from that, so the runs of older labs are told in Chinese too.

use std::io::{self, ErrorKind};

use super::Lang;

words! {
    /// Doing something failed.
    failed(doing: &str, why: &str) { "{doing}: {why}", "{doing}失败：{why}" }
    /// Whose it was.
    of(side: &str, what: &str) { "{side}: {what}", "{side}：{what}" }
    /// What is recorded of an error that nobody here knows.
    as_recorded(text: &str) { "{text}", "原文是 {text}" }
    /// The system's words beside what they mean.
    with_its_name(means: &str, name: &str, system: &str) { "{system} ({name})", "{means}（{name}：{system}）" }
    /// An error without a name here.
    errno(number: i32, system: &str) { "{system} (os error {number})", "系统的 {number} 号错误（{system}）" }
    /// What an error was that only the system can word.
    in_its_words(system: &str) { "{system}", "系统说 {system}" }
}

/// An error of the system.
#[must_use]
pub fn system(lang: Lang, error: &io::Error) -> String {
    match (lang, error.raw_os_error()) {
        (Lang::En, _) => error.to_string(),
        (Lang::Zh, Some(errno)) => of_errno(lang, errno, &error.to_string()),
        // A text of the lab's own is in the reader's language already.
        (Lang::Zh, None) if error.get_ref().is_some() => error.to_string(),
        (Lang::Zh, None) => match KINDS.iter().find(|(kind, _)| *kind == error.kind()) {
            Some((_, means)) => (*means).to_owned(),
            None => in_its_words(lang, &error.to_string()),
        },
    }
}

/// An error by its number, and as the system told it.
#[must_use]
pub fn of_errno(lang: Lang, errno: i32, told: &str) -> String {
    let told = told.rfind(" (os error ").map_or(told, |at| &told[..at]);
    match (lang, ERRNOS.iter().find(|(number, ..)| *number == errno)) {
        (Lang::Zh, Some((_, name, means))) => with_its_name(lang, means, name, told),
        _ if errno == 0 => in_its_words(lang, told),
        _ => self::errno(lang, errno, told),
    }
}

/// An error as a trace keeps it.
#[must_use]
pub fn recorded(lang: Lang, text: &str) -> String {
    match lang {
        Lang::En => text.to_owned(),
        Lang::Zh => in_chinese(text).unwrap_or_else(|| as_recorded(lang, text)),
    }
}

fn in_chinese(text: &str) -> Option<String> {
    let lang = Lang::Zh;
    if let Some((_, means)) = SENTENCES.iter().find(|(known, _)| *known == text) {
        return Some((*means).to_owned());
    }
    if let Some(told) = text
        .strip_prefix(READ_OTHER_BYTES)
        .and_then(|rest| rest.strip_suffix(READ_OTHER_BYTES_END))
    {
        return Some(format!("在 {told} 处读到的字节，和发出的不一样"));
    }
    if let Some(stage) = text.strip_prefix(HELPER_IS_GONE) {
        return Some(super::wire::helper_is_gone(lang, doing(stage)?.trim_end()));
    }
    if let Some(errno) = errno_in(text).filter(|_| !text.contains(": ")) {
        return Some(of_errno(lang, errno, text));
    }
    if let Some((_, means)) = KINDS.iter().find(|(kind, _)| kind.to_string() == text) {
        return Some((*means).to_owned());
    }
    let (before, rest) = text.split_once(": ")?;
    match doing(before) {
        Some(doing) => Some(failed(lang, &doing, &in_chinese(rest)?)),
        None if is_name(before) => Some(of(lang, &super::endpoint(lang, before), &in_chinese(rest)?)),
        None => None,
    }
}

/// Whether it can be the name of an endpoint.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

fn errno_in(text: &str) -> Option<i32> {
    let (_, number) = text.strip_suffix(')')?.rsplit_once(" (os error ")?;
    number.parse().ok()
}

/// What was being done, by the name that the program has for it.
#[must_use]
pub fn operation(lang: Lang, name: &str) -> String {
    match lang {
        Lang::En => name.to_owned(),
        Lang::Zh => doing(name).unwrap_or_else(|| name.to_owned()),
    }
}

/// The same in Chinese, if it is known. Calls have no other name there.
#[must_use]
pub fn doing(name: &str) -> Option<String> {
    if let Some((_, means)) = OPERATIONS.iter().find(|(known, _)| *known == name) {
        return Some((*means).to_owned());
    }
    if let Some(option) = name.strip_prefix("set ").filter(|option| is_name(option)) {
        return Some(format!("设置 {option} "));
    }
    CALLS.contains(&name).then(|| format!("{name} "))
}

/// Calls of the system.
const CALLS: [&str; 13] = [
    "accept",
    "bind",
    "connect",
    "getrandom",
    "getsockname",
    "listen",
    "pipe",
    "poll",
    "recv",
    "send",
    "shutdown",
    "socket",
    "socketpair",
];

/// What else is done.
const OPERATIONS: &[(&str, &str)] = &[
    ("carry packets", "传送包"),
    ("catch signals", "接管信号"),
    ("change a byte of the file", "改文件的一个字节"),
    ("client: getsockname", "客户端的 getsockname "),
    ("draw on the terminal", "往终端上画"),
    ("give the TUN device its address", "给 TUN 设备配地址"),
    ("hand a packet over", "交出一个包"),
    ("hand the descriptors over", "交接描述符"),
    ("join the endpoints", "连接两端"),
    ("keep files", "存放文件"),
    ("listener: getsockname", "监听套接字的 getsockname "),
    ("make a TUN device", "建 TUN 设备"),
    ("make a temporary folder", "建临时文件夹"),
    ("make the folder of the commands", "给命令建文件夹"),
    ("make the sockets", "建套接字"),
    ("make the wire", "建虚拟链路"),
    ("open /dev/net/tun", "打开 /dev/net/tun "),
    ("open the file", "打开文件"),
    ("pipe: set O_NONBLOCK", "给管道设置 O_NONBLOCK "),
    ("reach the wire", "接入虚拟链路"),
    ("read", "读取"),
    ("read the file", "读文件"),
    ("read the folder", "读文件夹"),
    ("read the terminal", "读终端"),
    ("run a command", "运行命令"),
    ("start", "启动辅助进程"),
    ("start the helper", "启动辅助进程"),
    ("start a thread", "启动线程"),
    ("start the run", "开始运行"),
    ("take a socket of the wire", "取虚拟链路的套接字"),
    ("take the terminal over", "接管终端"),
    ("unshare a user and a network namespace", "建用户命名空间和网络命名空间"),
    ("unshare the second network namespace", "建第二个网络命名空间"),
    ("watch signals and the terminal", "监视信号和终端"),
    ("write the file", "写文件"),
    ("write the log", "写日志"),
];

/// What else goes wrong, as a trace keeps it.
const SENTENCES: &[(&str, &str)] = &[
    ("the kernel refuses it", "内核不收"),
    ("it has none", "文件里一个字节也没有"),
    (
        "the endpoint's thread panicked",
        "lab 内部出错（这个端点的线程 panic 了）",
    ),
    ("the run was stopped", "这次运行被中止了"),
    ("the run's thread panicked", "lab 内部出错（运行的线程 panic 了）"),
    ("this system has no network namespaces", "这个系统没有网络命名空间"),
    (
        "this system cannot measure what the step waits for",
        "本系统测不到这一步要等的东西",
    ),
];

const HELPER_IS_GONE: &str = "the helper ended before it had done this: ";
const READ_OTHER_BYTES: &str = "the bytes read at offset ";
const READ_OTHER_BYTES_END: &str = " of the flow are not the ones that were sent";

/// Errors that are no system call's.
const KINDS: &[(ErrorKind, &str)] = &[
    (ErrorKind::NotFound, "没有找到"),
    (ErrorKind::PermissionDenied, "没有权限"),
    (ErrorKind::ConnectionRefused, "对方拒绝连接"),
    (ErrorKind::ConnectionReset, "对方重置了连接"),
    (ErrorKind::NotConnected, "没有连接"),
    (ErrorKind::BrokenPipe, "对方不再读了"),
    (ErrorKind::AlreadyExists, "已经存在"),
    (ErrorKind::WouldBlock, "现在做不了，要等"),
    (ErrorKind::InvalidInput, "给的参数不对"),
    (ErrorKind::InvalidData, "数据不对"),
    (ErrorKind::TimedOut, "超时"),
    (ErrorKind::WriteZero, "没能写完"),
    (ErrorKind::Interrupted, "被信号打断"),
    (ErrorKind::Unsupported, "本系统不支持"),
    (ErrorKind::UnexpectedEof, "内容提前结束"),
    (ErrorKind::OutOfMemory, "内存不够"),
    (ErrorKind::Other, "其他错误"),
];

/// Errors of the system by their numbers: the name, and what it means.
const ERRNOS: &[(i32, &str, &str)] = &[
    (libc::EPERM, "EPERM", "不允许这样做"),
    (libc::ENOENT, "ENOENT", "没有这个文件或文件夹"),
    (libc::ESRCH, "ESRCH", "没有这个进程"),
    (libc::EINTR, "EINTR", "被信号打断"),
    (libc::EIO, "EIO", "读写设备出错"),
    (libc::ENXIO, "ENXIO", "没有这个设备"),
    (libc::E2BIG, "E2BIG", "参数太长"),
    (libc::ENOEXEC, "ENOEXEC", "不是能运行的程序"),
    (libc::EBADF, "EBADF", "描述符无效"),
    (libc::ECHILD, "ECHILD", "没有子进程"),
    (libc::EAGAIN, "EAGAIN", "现在做不了，要等（资源暂时不够）"),
    (libc::ENOMEM, "ENOMEM", "内存不够"),
    (libc::EACCES, "EACCES", "没有权限"),
    (libc::EFAULT, "EFAULT", "地址无效"),
    (libc::EBUSY, "EBUSY", "正被占用"),
    (libc::EEXIST, "EEXIST", "已经存在"),
    (libc::EXDEV, "EXDEV", "不在同一个文件系统"),
    (libc::ENODEV, "ENODEV", "没有这种设备"),
    (libc::ENOTDIR, "ENOTDIR", "路径中间有一段不是文件夹"),
    (libc::EISDIR, "EISDIR", "这是一个文件夹"),
    (libc::EINVAL, "EINVAL", "参数不对"),
    (libc::ENFILE, "ENFILE", "整个系统打开的文件太多"),
    (libc::EMFILE, "EMFILE", "这个进程打开的文件太多"),
    (libc::ENOTTY, "ENOTTY", "不是终端"),
    (libc::ETXTBSY, "ETXTBSY", "程序正在运行，不能改"),
    (libc::EFBIG, "EFBIG", "文件超过了大小限制"),
    (libc::ENOSPC, "ENOSPC", "磁盘满了"),
    (libc::ESPIPE, "ESPIPE", "这里不能定位"),
    (libc::EROFS, "EROFS", "文件系统是只读的"),
    (libc::EMLINK, "EMLINK", "链接太多"),
    (libc::EPIPE, "EPIPE", "对方不再读了"),
    (libc::ENAMETOOLONG, "ENAMETOOLONG", "文件名太长"),
    (libc::ENOSYS, "ENOSYS", "内核没有这个调用"),
    (libc::ENOTEMPTY, "ENOTEMPTY", "文件夹不是空的"),
    (libc::ELOOP, "ELOOP", "符号链接绕成了圈"),
    (libc::EOVERFLOW, "EOVERFLOW", "数太大"),
    (libc::EPROTO, "EPROTO", "协议出错"),
    (libc::ENOTSOCK, "ENOTSOCK", "不是套接字"),
    (libc::EDESTADDRREQ, "EDESTADDRREQ", "没有给目的地址"),
    (libc::EMSGSIZE, "EMSGSIZE", "数据报太长"),
    (libc::ENOPROTOOPT, "ENOPROTOOPT", "协议没有这个选项"),
    (libc::EPROTONOSUPPORT, "EPROTONOSUPPORT", "不支持这个协议"),
    (libc::EOPNOTSUPP, "EOPNOTSUPP", "不支持这个操作"),
    (libc::EAFNOSUPPORT, "EAFNOSUPPORT", "不支持这种地址"),
    (libc::EADDRINUSE, "EADDRINUSE", "地址已被占用"),
    (libc::EADDRNOTAVAIL, "EADDRNOTAVAIL", "本机没有这个地址"),
    (libc::ENETDOWN, "ENETDOWN", "网络没有启用"),
    (libc::ENETUNREACH, "ENETUNREACH", "网络不可达"),
    (libc::ENETRESET, "ENETRESET", "网络断开了连接"),
    (libc::ECONNABORTED, "ECONNABORTED", "连接被中止"),
    (libc::ECONNRESET, "ECONNRESET", "对方重置了连接"),
    (libc::ENOBUFS, "ENOBUFS", "缓冲区不够"),
    (libc::EISCONN, "EISCONN", "已经连接"),
    (libc::ENOTCONN, "ENOTCONN", "没有连接"),
    (libc::ESHUTDOWN, "ESHUTDOWN", "已经关闭了发送"),
    (libc::ETIMEDOUT, "ETIMEDOUT", "超时"),
    (libc::ECONNREFUSED, "ECONNREFUSED", "那里没有人在听"),
    (libc::EHOSTDOWN, "EHOSTDOWN", "主机没有启动"),
    (libc::EHOSTUNREACH, "EHOSTUNREACH", "主机不可达"),
    (libc::EALREADY, "EALREADY", "已经在做了"),
    (libc::EINPROGRESS, "EINPROGRESS", "还在进行中"),
    (libc::ESTALE, "ESTALE", "文件已经不在了"),
    (libc::EDQUOT, "EDQUOT", "超过了磁盘配额"),
    (libc::ECANCELED, "ECANCELED", "被取消"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use Lang::{En, Zh};

    #[test]
    fn an_error_of_the_system_is_told_with_its_name_and_the_systems_words() {
        let error = io::Error::from_raw_os_error(libc::ENOSPC);
        assert_eq!(system(Zh, &error), "磁盘满了（ENOSPC：No space left on device）");
        assert_eq!(system(En, &error), error.to_string());
        assert_eq!(system(Zh, &io::ErrorKind::TimedOut.into()), "超时");
        assert_eq!(
            of_errno(Zh, 4000, "Strange (os error 4000)"),
            "系统的 4000 号错误（Strange）"
        );
    }

    #[test]
    fn every_error_that_a_system_call_can_have_here_has_a_name() {
        // Linux' numbers 1 to 40 are those of files and processes (errno(3)); 41 is EWOULDBLOCK's.
        for errno in 1..=40 {
            let has_one = ERRNOS.iter().any(|(number, ..)| *number == errno);
            let rare = [libc::ENOTBLK, libc::EDOM, libc::ERANGE, libc::EDEADLK, libc::ENOLCK].contains(&errno);
            assert!(has_one || rare, "{errno}");
        }
        let mut numbers: Vec<i32> = ERRNOS.iter().map(|(number, ..)| *number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), ERRNOS.len());
        for (number, name, _) in ERRNOS {
            let system = io::Error::from_raw_os_error(*number).to_string();
            assert!(!system.starts_with("Unknown"), "{name}: {system}");
        }
    }

    #[test]
    fn what_a_trace_keeps_of_an_error_is_told_in_chinese() {
        let told = |text| recorded(Zh, text);
        assert_eq!(
            told("client-2: connect: Connection refused (os error 111)"),
            "2 号客户端：connect 失败：那里没有人在听（ECONNREFUSED：Connection refused）"
        );
        assert_eq!(
            told("cook: the endpoint's thread panicked"),
            "cook：lab 内部出错（这个端点的线程 panic 了）"
        );
        assert_eq!(
            told("make the wire: open /dev/net/tun: Permission denied (os error 13)"),
            "建虚拟链路失败：打开 /dev/net/tun 失败：没有权限（EACCES：Permission denied）"
        );
        assert_eq!(
            told("receiver: set SO_RCVBUF: timed out"),
            "接收方：设置 SO_RCVBUF 失败：超时"
        );
        assert_eq!(told("what nobody knows"), "原文是 what nobody knows");
        assert_eq!(
            told("receiver: recv: the bytes read at offset 7 of the flow are not the ones that were sent"),
            "接收方：recv 失败：在 7 处读到的字节，和发出的不一样"
        );
        assert_eq!(recorded(En, "x: y"), "x: y");
    }
}
