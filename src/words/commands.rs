//! What the commands say beside a run: lists, errors, the doctor.

words! {
    /// A scenario that needs a wire.
    only_on_a_wire(id: &str) { "the scenario {id} shows packets: it runs over the wire only", "场景 {id} 要看的是包，只能在虚拟链路（wire）上跑" }
    /// A scenario that cannot have one.
    not_on_a_wire(id: &str) { "the scenario {id} does not go over a wire: that is for TCP and UDP over IPv4", "场景 {id} 不能走虚拟链路：那里只传 IPv4 上的 TCP 和 UDP" }
    /// A question of the doctor.
    ask_wire() { "join two private networks by a wire, on which each packet is seen (--link wire)", "在两个私有网络之间建一条虚拟链路，看得见每个包（--link wire）" }
    /// The same where the answer is no.
    ask_wire_failed(why: &str) { "join two private networks by a wire (--link wire): {why}", "在两个私有网络之间建一条虚拟链路（--link wire）：{why}" }
    /// Two files cannot be told apart by their id.
    shared_id(id: &str, one: &str, other: &str) { "{one} and {other} have the same id, {id}", "{one} 和 {other} 的 id 都是 {id}" }
    /// Some were not run.
    check_not_run(settings: &str) { "Could not run on this machine: {settings}.", "{settings}在这台机器上跑不了。" }
    /// Scenarios that did not run at all.
    check_left_out(scenarios: &str, names: &str) { "Not run at all: {scenarios} ({names}).", "完全没有运行的有 {scenarios}：{names}。" }
    /// Nothing ran.
    check_nothing() { "Nothing was run.", "什么也没有运行。" }
    /// Beside the runs of a setting that came to their end.
    broke_off_of(count: u64, why: &str) { "could not run {count}: {why}", "没能跑完 {count} 次：{why}" }
    /// There is no wire.
    there_is_no_wire(why: &str) { "there is no wire here: {why}", "这里建不起虚拟链路：{why}" }
    /// There is no wire.
    no_wire(why: &str) { "not run, because there is no wire here: {why}", "没有运行，这里建不起虚拟链路：{why}" }
    /// What mends it.
    wire_needs_linux() { "The wire needs Linux: a virtual machine with it will do. Without --link wire the scenario runs over loopback.", "虚拟链路要靠 Linux，装个 Linux 虚拟机就行。不加 --link wire，场景就走本机回环。" }
    /// What mends it.
    wire_needs_namespaces() { "User namespaces are refused. On Ubuntu: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0; on others: sudo sysctl user.max_user_namespaces=15000; in a container: run it with --cap-add SYS_ADMIN --cap-add NET_ADMIN. Or run the lab as root.", "系统不让建用户命名空间。Ubuntu：sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0；别的发行版：sudo sysctl user.max_user_namespaces=15000；容器里：启动时加 --cap-add SYS_ADMIN --cap-add NET_ADMIN。或者用 root 运行。" }
    /// What mends it.
    wire_needs_tun() { "There is no /dev/net/tun. Load it: sudo modprobe tun; in a container: --device /dev/net/tun.", "没有 /dev/net/tun。加载它：sudo modprobe tun；容器里：--device /dev/net/tun。" }
    /// What mends it.
    wire_needs_tun_access() { "/dev/net/tun may not be opened. Allow it: sudo chmod 666 /dev/net/tun (as most systems have it), or run the lab as root.", "/dev/net/tun 打不开。放开权限：sudo chmod 666 /dev/net/tun（多数系统本来就这样），或者用 root 运行。" }
    /// What mends it.
    wire_try_doctor() { "lab doctor tells what this machine lacks.", "lab doctor 会说明这台机器缺什么。" }
    /// There is no screen.
    no_terminal() { "the screen needs a terminal on standard input and output that is more than `dumb` (TERM)", "全屏界面要在终端里打开：标准输入和输出都得是终端，TERM 也不能是 `dumb` 或空的" }
    /// What to do where there is no screen.
    without_terminal() { "`--no-tui` writes the run as text, which works everywhere", "加上 `--no-tui` 就以文本输出，在哪里都能用" }
    /// What to do where there is no screen to choose in.
    list_without_terminal() { "`lab list` prints the scenarios; `lab run ID --no-tui` writes a run as text. Both work everywhere", "用 `lab list` 列出场景，用 `lab run 名字 --no-tui` 以文本输出，在哪里都能用" }
    /// After the list.
    how_to_run() { "Run one with `lab run ID`, for example `lab run nagle`; turn a knob with `--set`, for example `lab run nagle --set nodelay=true`. `lab --help` shows the rest.", "用 `lab run 名字` 运行一个，例如 `lab run nagle`；用 `--set` 拨旋钮，例如 `lab run nagle --set nodelay=true`。其余的看 `lab --help`。" }
    /// A search that found nothing.
    nothing_found() { "No scenario has all of these words; `lab list` shows every one.", "没有哪个场景同时有这些词；`lab list` 列出全部。" }
    /// Heading of the scenarios that show what becomes of a message's end.
    group_boundaries() { "Message boundaries", "消息边界" }
    /// Heading of the scenarios that show how a program marks it.
    group_framing() { "Framing", "分帧" }
    /// Heading of the scenarios that are whole programs.
    group_programs() { "Whole programs", "完整的程序" }
    /// A heading of the list.
    group_wire() { "On the wire", "线上的包" }
    /// Heading of the scenarios without a group.
    group_own() { "Own files", "自己的文件" }
    /// An id that does not exist.
    no_scenario(id: &str) { "there is no scenario called {id}", "没有叫 {id} 的场景" }
    /// A suggestion.
    did_you_mean(name: &str) { "did you mean {name}?", "是不是想写 {name}？" }
    /// A scenario that cannot be moved to ::1.
    only_its_family(id: &str, family: &str) { "{id} is about {family}, and --ipv6 does not go with it", "{id} 讲的是 {family}，不能和 --ipv6 一起用" }
    /// Beside such a scenario, when the others are checked over ::1.
    not_over_ipv6(family: &str) { "not run, because it is about {family}", "没有运行，因为它讲的是 {family}" }
    /// Where to look.
    see_list() { "`lab list` shows all; a file of your own is named by its path, for example ./mine.toml", "`lab list` 列出全部；自己的文件用路径，例如 ./mine.toml" }
    /// A file that cannot be read.
    cannot_read(file: &str, error: &str) { "{file}: cannot be read: {error}", "{file}：无法读取：{error}" }
    /// A configuration that is left out.
    config_left_out(file: &str, error: &str) { "warning: the configuration {file} cannot be read, and is left out: {error}", "警告：读不了配置文件 {file}，这次不用它：{error}" }
    /// A file whose name the other side would refuse.
    cannot_be_sent(file: &str, because: &str) { "{file}: its name would be refused: {because}; give the file another name", "{file}：这个文件名对方不会接受：{because}；请换一个名字" }
    /// A file without a byte.
    nothing_to_flip(file: &str) { "{file}: flip needs a file of at least 1 byte, and this one is empty", "{file}：文件是空的，没有字节可改；flip 要求文件至少有 1 个字节" }
    /// Why a file cannot be read.
    is_a_folder() { "it is a folder", "这是一个文件夹" }
    /// Why a file cannot be read.
    no_such_file() { "No such file or directory", "没有这个文件" }
    /// Why a file cannot be written.
    no_such_folder() { "No such file or directory", "没有这个文件夹" }
    /// Why a file cannot be read or written.
    not_permitted() { "Permission denied", "没有权限" }
    /// Why a file cannot be read.
    is_no_file() { "it is no regular file", "这不是普通文件" }
    /// Why a file cannot be read.
    not_utf8() { "it is not UTF-8 text; save it as UTF-8", "它不是 UTF-8 文本；请另存为 UTF-8（不是 GBK）" }
    /// A file that must not be written over.
    would_overwrite(file: &str) { "{file}: is there already and is no saved run; --save does not write over it", "{file}：已经存在，而且不是存下的运行；--save 不会覆盖它" }
    /// A file that cannot be written.
    cannot_write(file: &str, error: &str) { "{file}: cannot be written: {error}", "{file}：无法写入：{error}" }
    /// A knob that does not exist.
    no_knob(name: &str, scenario: &str) { "{scenario} has no knob called {name}", "{scenario} 没有叫 {name} 的旋钮" }
    /// The knobs there are.
    knobs_are(names: &str) { "its knobs are: {names}", "它的旋钮有：{names}" }
    /// There are none.
    no_knobs() { "it has no knobs", "它没有旋钮" }
    /// A value a knob cannot have.
    knob_value(name: &str, value: &str, allowed: &str) { "the knob {name} cannot be {value}; it may be {allowed}", "旋钮 {name} 不能设为 {value}；可以是 {allowed}" }
    /// A run that could not begin.
    cannot_run(error: &str) { "the run could not begin: {error}; `lab doctor` tells what this machine offers", "无法开始运行：{error}；`lab doctor` 会说明本机能做什么" }
    /// A program that is not here.
    no_program(program: &str, folders: &str) { "the program {program} is needed, and it is not in {folders}", "要用到程序 {program}，而 {folders} 里都没有它" }
    /// There is a log already.
    log_twice() { "start the log: there is one already", "日志已经开始记了，不能再开一份" }
    /// A trace whose scenario is broken.
    trace_scenario(problems: &str) { "the scenario inside the trace cannot be read:\n{problems}", "运行记录里的场景读不了：\n{problems}" }
    /// A trace that does not go with its scenario.
    trace_knob(name: &str, value: &str) { "the trace sets the knob {name} to {value}, which its scenario does not allow", "运行记录把旋钮 {name} 设成了 {value}，而它里面的场景不允许" }
    /// A trace that does not go with its scenario.
    trace_transport(transport: &str) { "the trace says {transport}, the scenario inside it something else", "运行记录写的是 {transport}，它里面的场景写的却不是" }
    /// A trace that does not go with its scenario.
    trace_endpoints() { "the trace and the scenario inside it name different endpoints", "运行记录和它里面的场景，端点对不上" }
    /// What takes so long.
    hashing() { "hashing", "算摘要" }
    /// What takes so long.
    receiving() { "receiving", "接收" }
    /// The screen's log cannot be written.
    cannot_log(error: &str) { "the log cannot be written: {error}", "日志写不了：{error}" }
    /// The screen cannot be shown, or not any more.
    cannot_show(error: &str) { "the screen cannot be shown: {error}; `--no-tui` prints text", "全屏界面显示不了：{error}；可以用 `--no-tui` 看文字" }
    /// A file that is no trace.
    bad_trace(file: &str, error: &str) { "{file}: {error}", "{file}：{error}" }
    /// Why it is none.
    no_trace(why: &str) { "line 1: this is not a trace saved by lab, or the file is not whole: {why}", "第 1 行：这不是 lab 存下的运行记录，或者文件不完整（{why}）" }
    /// Why it cannot be read here.
    newer_trace(found: u64, known: u32) { "the file has trace format {found}, this lab reads up to {known}", "文件的格式版本是 {found}，这个 lab 只读得懂 {known} 及以前的" }
    /// Which of its lines is wrong.
    bad_line(line: usize, why: &str) { "line {line}: {why}", "第 {line} 行不对（{why}）" }
    /// It has no end.
    cut_off(line: usize) { "the file is cut off after line {line}: its last line must have \"event\":\"end\"", "文件在第 {line} 行之后断了：最后一行应该有 \"event\":\"end\"" }
    /// What to do about it.
    bad_trace_help() { "a trace is a file that `lab run ID --save FILE` wrote", "这里要的是 `lab run 名字 --save 文件` 存下的文件" }
    /// Output failed.
    cannot_print(error: &str) { "cannot print: {error}", "无法输出：{error}" }
    /// The prefix of an error.
    error() { "error: ", "错误：" }
    /// A line of the check.
    held_of(held: u64, runs: u64) { "held {held} of {runs}", "成立 {held}/{runs}" }
    /// Not decided.
    undecided_of(count: u64) { "not measured {count}", "测不到 {count}" }
    /// Nothing is expected.
    checks_nothing() { "expects nothing with these knobs", "旋钮这样设，场景没有写预期" }
    /// With the defaults.
    defaults() { "defaults", "默认" }
    /// Which run failed.
    in_run(run: u64) { "run {run}", "第 {run} 次" }
    /// The summary.
    check_held(runs: &str, scenarios: &str) { "{runs} of {scenarios}: everything that had to be seen was seen, every time.", "{scenarios}共运行 {runs}：每次都全部符合预期。" }
    /// The summary.
    check_failed(failed: u64, runs: &str) { "{failed} of {runs} did not show what had to be seen.", "共运行 {runs}，其中 {failed} 次不符合预期。" }
    /// The summary.
    check_undecided(undecided: u64, runs: &str) { "{undecided} of {runs} could not be decided; why stands above.", "共运行 {runs}，其中 {undecided} 次无法判断；原因见上。" }
    /// Ctrl-C.
    check_interrupted(runs: &str) { "interrupted after {runs}", "运行 {runs}后中断" }
    /// A thing that works.
    yes() { "yes", "能" }
    /// A thing that does not.
    no() { "no", "不能" }
}

// The doctor.
words! {
    /// Question.
    ask_ipv4() { "TCP and UDP over 127.0.0.1", "127.0.0.1 上的 TCP 和 UDP" }
    /// Question.
    ask_ipv6() { "TCP and UDP over ::1", "::1 上的 TCP 和 UDP" }
    /// What to do.
    fix_ipv6() { "only --ipv6 and scenarios with family = \"ipv6\" need it; the kernel setting net.ipv6.conf.lo.disable_ipv6 = 0 brings it back", "只有 --ipv6 和写了 family = \"ipv6\" 的场景才用得到；内核参数 net.ipv6.conf.lo.disable_ipv6 = 0 可以打开它" }
    /// What to do.
    fix_ipv4() { "nothing runs without it: bring the loopback interface up (`ip link set lo up`)", "没有它什么都跑不了：先启用回环接口（`ip link set lo up`）" }
    /// Question.
    ask_receive_queue() { "how many bytes wait in a receive queue (SIOCINQ)", "接收队列里有多少字节（SIOCINQ）" }
    /// Question.
    ask_send_queue() { "what of a send queue is unsent, what unacknowledged (SIOCOUTQ, SIOCOUTQNSD)", "发送队列里未发、未确认各多少（SIOCOUTQ、SIOCOUTQNSD）" }
    /// Question.
    ask_segments() { "segments and MSS (TCP_INFO)", "报文段数和 MSS（TCP_INFO）" }
    /// Question.
    ask_stamps_tcp() { "when TCP bytes left and were acknowledged (SO_TIMESTAMPING)", "TCP 字节何时发出、何时被确认（SO_TIMESTAMPING）" }
    /// Question.
    ask_stamps_udp() { "when a datagram left (SO_TIMESTAMPING)", "数据报何时发出（SO_TIMESTAMPING）" }
    /// Question.
    ask_datagrams() { "which datagrams wait in a receive queue (MSG_PEEK, SO_PEEK_OFF)", "接收队列里有哪些数据报（MSG_PEEK、SO_PEEK_OFF）" }
    /// Question.
    ask_drops() { "how many datagrams were dropped (SO_MEMINFO)", "丢弃了多少数据报（SO_MEMINFO）" }
    /// Question.
    ask_delayed_ack() { "delaying ACKs at will (TCP_QUICKACK)", "按需延迟 ACK（TCP_QUICKACK）" }
    /// What to do.
    fix_linux() { "it takes Linux; on this system the fact is shown as \"not measured\", and expectations that need it cannot be decided", "这需要 Linux；在本系统上这一项显示为“测不到”，依赖它的期望无法判断" }
    /// What to do.
    fix_kernel() { "this kernel or its sandbox refuses it; the fact is shown as \"not measured\". A container may need another seccomp profile", "内核或沙箱不允许；这一项显示为“测不到”。在容器里，可能要换一个 seccomp 配置" }
    /// Heading.
    doctor_measure() { "What can be measured", "能测到什么" }
    /// Heading.
    doctor_stage() { "What can be staged", "能布置什么" }
    /// Heading.
    doctor_terminal() { "How it is shown", "怎么显示" }
    /// A fact.
    doctor_width(columns: usize) { "text is {columns} columns wide", "文字宽 {columns} 列" }
    /// A fact.
    doctor_pipe() { "there is no screen here: standard input or output is no terminal, or TERM is dumb; text is there with --no-tui", "这里没有全屏界面：标准输入或输出不是终端，或者 TERM 是 dumb；可以用 --no-tui 看文字" }
    /// A fact.
    doctor_screen(columns: u16, rows: u16) { "the screen has {columns} columns and {rows} rows", "屏幕有 {columns} 列、{rows} 行" }
    /// A fact.
    doctor_small(columns: u16, rows: u16, least_columns: u16, least_rows: u16) { "the window has {columns} columns and {rows} rows; the screen needs {least_columns} and {least_rows}", "窗口有 {columns} 列、{rows} 行；全屏界面至少要 {least_columns} 列、{least_rows} 行" }
    /// A fact.
    doctor_color_on() { "colour is on", "有颜色" }
    /// A fact.
    doctor_color_off() { "colour is off (no terminal, NO_COLOR, TERM=dumb or --color never)", "没有颜色（不是终端、NO_COLOR、TERM=dumb 或 --color never）" }
    /// A fact.
    doctor_locale(locale: &str) { "the locale is {locale}; if lines and arrows look wrong, use --ascii", "区域设置是 {locale}；如果线条和箭头显示不对，用 --ascii" }
    /// A fact.
    config_read(file: &str) { "the configuration was read from {file}", "配置读自 {file}" }
    /// A fact.
    config_absent(file: &str) { "there is no configuration; it would be {file}", "没有配置文件；要有的话，是 {file}" }
    /// A fact.
    config_nowhere() { "there is no configuration: neither XDG_CONFIG_HOME nor HOME says where it would be", "没有配置文件：XDG_CONFIG_HOME 和 HOME 都没说它该在哪里" }
    /// A fact.
    config_refused(file: &str) { "the configuration {file} cannot be used, and other commands stop at it; `lab list` says what is wrong", "配置文件 {file} 没法用，别的命令会停在这里；`lab list` 会说明哪里不对" }
    /// Summary.
    doctor_all_well() { "This machine can measure and stage everything that the scenarios need.", "场景需要的，本机都能测到、都能布置。" }
    /// Summary.
    doctor_missing(things: &str) { "Missing: {things}; the rest works.", "缺 {things}；其余正常。" }
}

// Files.
words! {
    /// Why a file is not read.
    too_long(bytes: &str, most: usize) { "it is {bytes} bytes long; at most {most} KiB are read", "它有 {bytes} 字节，最多只读 {most} KiB" }
    /// Why a file cannot be written.
    folder_is_missing(folder: &str) { "there is no folder {folder}", "没有 {folder} 这个文件夹" }
    /// A file that must not be appended to.
    is_no_log(file: &str) { "{file}: is there already and is no log of the lab; --log does not append to it", "{file}：已经存在，而且不是本程序的日志；--log 不会往里面追加" }
    /// A log of what does not happen.
    log_without_screen() { "--log is the diagnosis of the screen, and here none is opened", "--log 记的是全屏界面的情况，而这里不打开界面" }
}
