//! Every text of the Chinese help.

/// What is said about a command or an argument.
pub enum Text {
    /// A command.
    Command {
        /// In a list of commands, and for -h.
        short: &'static str,
        /// For --help; empty if that is the short one.
        long: &'static str,
        /// After the options, for --help.
        closing: &'static str,
    },
    /// An argument or an option.
    Argument {
        /// What stands for its value; empty if it takes none, or the English one is kept.
        value: &'static str,
        /// For -h.
        short: &'static str,
        /// For --help, after the short one; empty if nothing is to be added.
        more: &'static str,
    },
}

/// Every text, by the path of its command and the id of the argument.
pub const TEXTS: &[(&str, Option<&str>, Text)] = &[
    (
        "lab",
        None,
        Text::Command {
            short: "看清套接字：每个字节出自哪次 send，停在哪个缓冲区，被哪次 recv 取走",
            long: "用本机回环上真实的 TCP 和 UDP 套接字跑一个个小场景，让每个字节都有来历：出自哪次 send，停在哪个缓冲区，\
                   被哪次 recv 取走；再核对结果是否符合预期。\n\n不写命令，就打开全屏界面，列出场景；标准输入和输出都得是终端。",
            closing: "\
例子:
  lab                                在全屏界面里挑一个场景
  lab ./mine.toml                    自己写的场景也列进去
  lab list                           有哪些场景
  lab run nagle                      跑一个场景
  lab run nagle --set nodelay=true   拨动一个旋钮再跑
  lab run nagle --save nagle.run     把这次运行存下来
  lab replay nagle.run --pace 1      再讲一遍，一秒讲一行
  lab check                          全部跑一遍，只说成不成立

退出码:
  0    预期全部符合
  1    与预期不符
  2    没跑成，或测不到：命令写错了、场景读不了、权限不够
  130  被中断

配置文件:
  $XDG_CONFIG_HOME/lab/config.toml，没有就是 ~/.config/lab/config.toml

环境变量:
  LAB_LANG                   没给 --lang 时由它决定语言
  LC_ALL, LC_MESSAGES, LANG  LAB_LANG 和配置文件都没说时，看区域设置
  NO_COLOR                   不用颜色，除非写了 --color always",
        },
    ),
    (
        "lab",
        Some("files"),
        Text::Argument {
            value: "文件",
            short: "自己写的场景文件，一起列出来",
            more: "以 .toml 结尾或者含有斜杠的才是路径。",
        },
    ),
    (
        "lab",
        Some("lang"),
        Text::Argument {
            value: "语言",
            short: "用哪种语言，不给就看区域设置",
            more: "不给这个选项时，先看 LAB_LANG，再看配置文件，最后看 LC_ALL、LC_MESSAGES、LANG 里第一个不为空的。变量的值\
                   以 zh 开头就用中文，否则用英文。",
        },
    ),
    (
        "lab",
        Some("color"),
        Text::Argument {
            value: "何时",
            short: "什么时候用颜色",
            more: "auto：输出到终端、又没有设置 NO_COLOR 时才用；always：总是用；never：从不用。后两个不管 NO_COLOR。",
        },
    ),
    (
        "lab",
        Some("ascii"),
        Text::Argument {
            value: "",
            short: "画图只用 ASCII 字符",
            more: "给显示不了框线符号的终端和字体用。文字和消息内容照原样显示。",
        },
    ),
    (
        "lab",
        Some("theme"),
        Text::Argument {
            value: "主题",
            short: "全屏界面的配色：深色背景或浅色背景",
            more: "不给这个选项时，看配置文件。",
        },
    ),
    (
        "lab",
        Some("log"),
        Text::Argument {
            value: "文件",
            short: "把全屏界面的诊断信息写到这个文件",
            more: "全屏界面出了毛病，用它来查原因。打印出来的内容不会写进去。",
        },
    ),
    (
        "lab",
        Some("help"),
        Text::Argument {
            value: "",
            short: "显示帮助：-h 简要，--help 详细，带例子",
            more: "",
        },
    ),
    (
        "lab",
        Some("version"),
        Text::Argument {
            value: "",
            short: "显示版本号",
            more: "",
        },
    ),
    (
        "lab list",
        None,
        Text::Command {
            short: "列出所有场景",
            long: "列出所有场景：id、一句话说明，还有哪些旋钮、默认是什么、可以改成什么。",
            closing: "\
例子:
  lab list --json         连同旋钮，给程序读
  lab list --markdown     每个场景的全部内容，给老师看
  lab list --find 半包    只列出找得到这个词的

退出码:
  0    列出了场景
  1    --find 一个也没找到",
        },
    ),
    (
        "lab list",
        Some("find"),
        Text::Argument {
            value: "词",
            short: "只列出这些词全都找得到的场景，中文英文都行",
            more: "在 id、标题、对应的教程、旋钮、程序和检索词里找。一个也没找到，退出码是 1。",
        },
    ),
    (
        "lab list",
        Some("json"),
        Text::Argument {
            value: "",
            short: "输出 JSON，不输出文本",
            more: "",
        },
    ),
    (
        "lab list",
        Some("markdown"),
        Text::Argument {
            value: "",
            short: "输出一页 Markdown，给老师看",
            more: "每个场景的看点、原因、题目和各个答案、停顿的地方，还有旋钮。",
        },
    ),
    (
        "lab run",
        None,
        Text::Command {
            short: "跑一个场景，讲清楚发生了什么",
            long: "打开套接字，照场景一步一步做，每件事都讲出来：哪次调用发出或取走了哪些字节，哪个队列里有什么。最后说是否符合\
                   预期，以及为什么会这样。\n\n标准输入和输出都是终端时，在全屏界面里讲。",
            closing: "\
例子:
  lab run short-recv                          旋钮都用默认值
  lab run nagle --set gap=ack --set count=5   拨动两个旋钮
  lab run nagle --stepped                     在全屏界面里，按一次键走一步
  lab run ./mine.toml --pace 0.5              跑自己写的场景，半秒打印一行
  lab run nagle --format json                 给程序读
  lab run nagle --link wire --ladder          走虚拟链路，把每个包画出来

退出码:
  0    预期全部符合
  1    与预期不符
  2    没跑成，或测不到：命令写错了、场景读不了、权限不够
  130  被中断",
        },
    ),
    (
        "lab run",
        Some("scenario"),
        Text::Argument {
            value: "场景",
            short: "场景的 id（见 lab list），或者一个 .toml 文件的路径",
            more: "以 .toml 结尾或者含有斜杠的是路径，其余都是 id。",
        },
    ),
    (
        "lab run",
        Some("no_tui"),
        Text::Argument {
            value: "",
            short: "只打印文本，不打开全屏界面",
            more: "和 --format text 一样。标准输入或输出不是终端时打不开全屏界面，要加上它。",
        },
    ),
    (
        "lab run",
        Some("format"),
        Text::Argument {
            value: "格式",
            short: "打印成文本、给读屏软件的文本，或者给程序读的 JSON",
            more: "spoken 一个事件一行，什么都不画，适合让读屏软件念出来。json 打印 JSON 行：一件事一行，最后一行是结论。给了这个选项就不打开全屏界面。",
        },
    ),
    (
        "lab run",
        Some("settings"),
        Text::Argument {
            value: "旋钮=值",
            short: "拨动一个旋钮，可以给多次",
            more: "每个场景有哪些旋钮、默认是什么、可以改成什么，见 lab list。同一个旋钮给了两次，以后一次为准。",
        },
    ),
    (
        "lab run",
        Some("save"),
        Text::Argument {
            value: "文件",
            short: "把这次运行存下来，以后用 lab replay 再讲",
            more: "场景也一起存在文件里。",
        },
    ),
    (
        "lab run",
        Some("pcapng"),
        Text::Argument {
            value: "文件",
            short: "把线上的包存成 pcapng 文件，用 Wireshark 打开",
            more: "一个包只记一次，记的是它上线的时刻。每个包都带注释：装的是哪条消息的字节、说明什么、后来怎么样了。要和 --link wire 一起用。",
        },
    ),
    (
        "lab run",
        Some("pace"),
        Text::Argument {
            value: "秒",
            short: "慢慢打印文本，每个事件之前停几秒",
            more: "0 到 60，可以带小数，比如 0.5。题目最先出来，停五倍的时间；答案最后出来。给了这个选项就不打开全屏界面。",
        },
    ),
    (
        "lab run",
        Some("link"),
        Text::Argument {
            value: "链路",
            short: "两个端点之间用什么连起来",
            more: "wire：两头各是一个私有网络，里面是真正的内核 TCP/IP，中间的线由 lab 来传，每个包都看得见。只用于 TCP 和 UDP，只在 Linux 上。这时可以用 --set wire.mtu=576 之类的旋钮设置链路参数。",
        },
    ),
    (
        "lab run",
        Some("ladder"),
        Text::Argument {
            value: "",
            short: "不按时间逐行讲，把包画成时序图",
            more: "时间往下走，一个包一个箭头，两边写着程序做了什么。只用于走虚拟链路的运行。给了这个选项就不打开全屏界面。",
        },
    ),
    (
        "lab run",
        Some("ipv6"),
        Text::Argument {
            value: "",
            short: "不管场景写的是哪种地址，都用 ::1",
            more: "",
        },
    ),
    (
        "lab run",
        Some("stepped"),
        Text::Argument {
            value: "",
            short: "在全屏界面里一步一步来，每一步都等按键",
            more: "学生看着，按一次键做一步。",
        },
    ),
    (
        "lab replay",
        None,
        Text::Command {
            short: "把存下来的运行再讲一遍",
            long: "读 lab run --save 存下的文件，像当时那样再讲一遍。不打开套接字，也不需要场景文件。\n\n标准输入和输出都是终端时，在全屏界面里讲。",
            closing: "\
例子:
  lab replay nagle.run            在全屏界面里讲
  lab replay nagle.run --pace 1   一秒打印一行

退出码:
  0    当时预期全部符合
  1    当时与预期不符
  2    没讲成：命令写错了、文件读不了
  130  被中断",
        },
    ),
    (
        "lab replay",
        Some("file"),
        Text::Argument {
            value: "文件",
            short: "lab run --save 存下的文件",
            more: "",
        },
    ),
    (
        "lab replay",
        Some("ladder"),
        Text::Argument {
            value: "",
            short: "不按时间逐行讲，把包画成时序图",
            more: "时间往下走，一个包一个箭头，两边写着程序做了什么。只用于走虚拟链路的运行。给了这个选项就不打开全屏界面。",
        },
    ),
    (
        "lab replay",
        Some("format"),
        Text::Argument {
            value: "格式",
            short: "打印成文本、给读屏软件的文本，或者给程序读的 JSON",
            more: "spoken 一个事件一行，什么都不画，适合让读屏软件念出来。json 打印 JSON 行：一件事一行，最后一行是结论。给了这个选项就不打开全屏界面。",
        },
    ),
    (
        "lab replay",
        Some("pace"),
        Text::Argument {
            value: "秒",
            short: "慢慢打印文本，每个事件之前停几秒",
            more: "0 到 60，可以带小数，比如 0.5。题目最先出来，停五倍的时间；答案最后出来。给了这个选项就不打开全屏界面。",
        },
    ),
    (
        "lab replay",
        Some("no_tui"),
        Text::Argument {
            value: "",
            short: "只打印文本，不打开全屏界面",
            more: "和 --format text 一样。标准输入或输出不是终端时打不开全屏界面，要加上它。",
        },
    ),
    (
        "lab check",
        None,
        Text::Command {
            short: "跑场景，只说是否符合预期",
            long: "每个场景先用旋钮的默认值跑，再把场景里列出的每组对照设置各跑一遍。",
            closing: "\
例子:
  lab check                      自带的场景各跑一遍
  lab check nagle --repeat 100   一个场景跑一百遍
  lab check ./mine.toml --ipv6   跑自己写的场景，用 ::1

退出码:
  0    每一遍都符合预期
  1    至少有一遍与预期不符
  2    没跑成，或测不到：命令写错了、场景读不了、权限不够
  130  被中断",
        },
    ),
    (
        "lab check",
        Some("scenarios"),
        Text::Argument {
            value: "场景",
            short: "场景的 id，或者 .toml 文件的路径；不给就是自带的全部场景",
            more: "",
        },
    ),
    (
        "lab check",
        Some("repeat"),
        Text::Argument {
            value: "次数",
            short: "每个场景跑几遍，1 到 1000000",
            more: "会说出每个跑了几遍、成立几遍；不成立的，说明原因。",
        },
    ),
    (
        "lab check",
        Some("link"),
        Text::Argument {
            value: "链路",
            short: "两个端点之间用什么连起来",
            more: "wire：两头各是一个私有网络，里面是真正的内核 TCP/IP，中间的线由 lab 来传，每个包都看得见。只用于 TCP 和 UDP，只在 Linux 上。这时可以用 --set wire.mtu=576 之类的旋钮设置链路参数。",
        },
    ),
    (
        "lab check",
        Some("ipv6"),
        Text::Argument {
            value: "",
            short: "不管场景写的是哪种地址，都用 ::1",
            more: "",
        },
    ),
    (
        "lab doctor",
        None,
        Text::Command {
            short: "看看这台机器能做到什么，还缺什么",
            long: "检查内核、回环地址、权限和终端。缺了什么，就说明因此看不到什么，该怎么补上。",
            closing: "\
例子:
  lab doctor",
        },
    ),
    (
        "lab pack",
        None,
        Text::Command {
            short: "照 Python struct 的格式把值打包成字节，标出每个字节是谁的",
            long: "用十六进制列出打包后的字节，下面标着它属于哪个格式字符，不属于任何格式字符的是填充。换一个字节序记号会得到别的\
                   字节时，也一并列出来。\n\n最前面可以写一个记号：不写或写 @，用本机的字节序并对齐；= 用本机的字节序，不填充；< 小端\
                   序；> 大端序；! 网络字节序，也就是大端序。后面是格式字符：b B h H i I q Q 是 1、2、4、8 字节的整数，大写的无符号；f d \
                   是 4、8 字节的浮点数；s 是文本；x 是不放值的一个字节。格式字符前面可以写次数，3s 是一个 3 字节的文本。格式要用单引号\
                   括起来，因为 < > ! 在 shell 里另有含义。",
            closing: "\
例子:
  lab pack i 1000000            4 个字节，照本机的排法
  lab pack '!i' 1000000         同一个数，换成网络字节序
  lab pack I3sf 7 abc 2.5       f 前面会填充一个字节
  lab pack 'I3sf' 7 0x6162 -1   文本写成十六进制，最后是负数

退出码:
  0    打包好了
  2    没打成：命令写错了、格式不对、值超出范围",
        },
    ),
    (
        "lab pack",
        Some("format"),
        Text::Argument {
            value: "格式",
            short: "字节序记号和格式字符，比如 '!I3sf'",
            more: "",
        },
    ),
    (
        "lab pack",
        Some("values"),
        Text::Argument {
            value: "值",
            short: "依次给出的值，每个要值的格式字符一个",
            more: "整数写成十进制，或者以 0x 开头。s 要文本（按 UTF-8），也可以写成 0x 加十六进制数字。写在 -- 后面的，不会被\
                   当成选项。",
        },
    ),
    (
        "lab pack",
        Some("json"),
        Text::Argument {
            value: "",
            short: "输出 JSON，不输出文本",
            more: "",
        },
    ),
    (
        "lab unpack",
        None,
        Text::Command {
            short: "照 Python struct 的格式读字节，看每一项是什么值",
            long: "照 Python struct 的格式读字节，看每一项是什么值。格式和 lab pack 的一样。同样的字节换一个字节序记号会读成别的值时，也一并列出来。",
            closing: "\
例子:
  lab unpack i 40 42 0f 00        读出一个数
  lab unpack '!i' '00 0f 42 40'   同一个数，网络字节序

退出码:
  0    读出来了
  2    没读成：命令写错了、格式不对、字节多了或少了",
        },
    ),
    (
        "lab unpack",
        Some("format"),
        Text::Argument {
            value: "格式",
            short: "字节序记号和格式字符，比如 '!I3sf'",
            more: "",
        },
    ),
    (
        "lab unpack",
        Some("hex"),
        Text::Argument {
            value: "十六进制",
            short: "字节，每个写两个十六进制数字，空格随意",
            more: "",
        },
    ),
    (
        "lab unpack",
        Some("json"),
        Text::Argument {
            value: "",
            short: "输出 JSON，不输出文本",
            more: "",
        },
    ),
    (
        "lab fingerprint",
        None,
        Text::Command {
            short: "看文件的大小、时间和摘要",
            long: "逐个列出文件的路径、大小、时间、MD5 和 SHA-256，用来比对两份文件是不是一样。文件只读一遍，比内存大也没关系。",
            closing: "\
例子:
  lab fingerprint nagle.run            一个文件
  lab fingerprint sent.bin got.bin     一个文件和它的副本
  lab fingerprint sent.bin --json      给程序读

退出码:
  0    每个文件都读完了
  2    有文件读不了，或者读的过程中变了；命令写错了
  130  被中断",
        },
    ),
    (
        "lab fingerprint",
        Some("files"),
        Text::Argument {
            value: "文件",
            short: "要看的文件",
            more: "只能是普通文件：文件夹、管道、设备没有可供比对的内容。",
        },
    ),
    (
        "lab fingerprint",
        Some("json"),
        Text::Argument {
            value: "",
            short: "输出 JSON，不输出文本",
            more: "",
        },
    ),
    (
        "lab completions",
        None,
        Text::Command {
            short: "输出 shell 的补全脚本",
            long: "输出 shell 的补全脚本。脚本该放在哪里，每种 shell 不一样；例子里是 bash。",
            closing: "\
例子:
  lab completions bash > ~/.local/share/bash-completion/completions/lab",
        },
    ),
    (
        "lab completions",
        Some("shell"),
        Text::Argument {
            value: "",
            short: "给哪种 shell 补全",
            more: "",
        },
    ),
    (
        "lab man",
        None,
        Text::Command {
            short: "输出手册页",
            long: "输出手册页，roff 格式，man(1) 能直接读。",
            closing: "\
例子:
  lab man | man -l -",
        },
    ),
    (
        "lab help",
        None,
        Text::Command {
            short: "显示帮助，整个 lab 的或者某个命令的",
            long: "显示帮助，整个 lab 的或者某个命令的。和在命令后面写 --help 一样。",
            closing: "\
例子:
  lab help run",
        },
    ),
    (
        "lab help",
        Some("command"),
        Text::Argument {
            value: "命令",
            short: "哪个命令；不给就是整个 lab",
            more: "",
        },
    ),
];
