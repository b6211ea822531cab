//! The help, whole, as it is printed.

use super::*;

/// The help as it is printed on a terminal so wide, without the blanks that clap writes into empty lines.
pub fn long_help(lang: Lang, path: &str, width: usize) -> String {
    let mut command = command(lang);
    if lang == Lang::En {
        command = command.term_width(width);
    }
    command.build();
    let command = match path {
        "" => &mut command,
        path => command.find_subcommand_mut(path).unwrap(),
    };
    let help = command.render_long_help().to_string();
    let help = match lang {
        Lang::En => help,
        Lang::Zh => fold::folded(&help, width),
    };
    help.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

#[test]
fn golden_lab_help() {
    assert_eq!(long_help(Lang::En, "", 80), LAB_EN);
    assert_eq!(long_help(Lang::Zh, "", 80), LAB_ZH);
}

#[test]
fn golden_lab_run_help() {
    assert_eq!(long_help(Lang::En, "run", 80), RUN_EN);
    assert_eq!(long_help(Lang::Zh, "run", 80), RUN_ZH);
}

const LAB_EN: &str = "\
See what sockets do: which send each byte came from, in which buffer it lies,
which recv took it

Runs small scenarios over real TCP and UDP sockets on the loopback of this
machine. Shows which send each byte came from, in which buffer it lies and which
recv took it, and checks whether what must be seen was seen.

Without a command it opens the screen with the list of scenarios, which needs a
terminal on standard input and output.

Usage: lab [OPTIONS] [FILE]... [COMMAND]

Commands:
  list         List the scenarios
  run          Run a scenario and tell what happened
  replay       Tell a saved run again
  check        Run scenarios and say only whether what must be seen was seen
  doctor       Tell what this machine offers the lab and what is missing
  pack         Pack values as Python's struct does, and show whose each byte is
  unpack       Unpack bytes as Python's struct does
  fingerprint  Tell size, times and digests of files
  completions  Print the completions for a shell
  man          Print the manual page
  help         Print the help of the lab or of a command

Arguments:
  [FILE]...
          Files of your own scenarios, to be listed too

          A path ends in .toml or contains a slash.

Global options:
      --lang <LANG>
          Language of everything that is printed; default: the locale's

          Without this option LAB_LANG decides, if it is set and not empty; then
          the configuration file; then the first of LC_ALL, LC_MESSAGES and LANG
          that is set and not empty. Of a variable: Chinese if it begins with
          zh, otherwise English.

          [possible values: en, zh]

      --color <WHEN>
          When to use colour

          auto uses colour on a terminal unless NO_COLOR is set; always and
          never mean what they say, whatever NO_COLOR is.

          [default: auto]
          [possible values: auto, always, never]

      --ascii
          Draw with ASCII characters only

          For terminals and fonts without box-drawing characters. Texts and
          payloads are printed as they are.

      --theme <THEME>
          Colours of the screen, for a dark or a light background

          Without this option the configuration file decides.

          [possible values: dark, light]

      --log <FILE>
          Write a diagnosis of the screen to this file

          For finding out what went wrong in the screen. What is printed is not
          logged.

  -h, --help
          Print all this; -h prints a summary

  -V, --version
          Print the version

Examples:
  lab                                pick a scenario in the screen
  lab ./mine.toml                    with one of your own among them
  lab list                           what there is to see
  lab run nagle                      run a scenario
  lab run nagle --set nodelay=true   the same with one knob changed
  lab run nagle --save nagle.run     keep the run
  lab replay nagle.run --pace 1      tell it again, a line a second
  lab check                          run everything and say only whether it held

Exit codes:
  0    everything expected was observed
  1    something else was observed
  2    it could not run or tell: usage, bad scenario, missing permission
  130  interrupted

Configuration:
  $XDG_CONFIG_HOME/lab/config.toml, else ~/.config/lab/config.toml

Environment:
  LAB_LANG                   the language, if --lang is not given
  LC_ALL, LC_MESSAGES, LANG  the locale, if neither LAB_LANG nor the
                             configuration names a language
  NO_COLOR                   no colour, unless --color says always
";

const LAB_ZH: &str = "\
用本机回环上真实的 TCP 和 UDP 套接字跑一个个小场景，让每个字节都有来历：出自哪次
send，停在哪个缓冲区，被哪次 recv 取走；再核对结果是否符合预期。

不写命令，就打开全屏界面，列出场景；标准输入和输出都得是终端。

用法: lab [选项] [文件]... [命令]

命令:
  list         列出所有场景
  run          跑一个场景，讲清楚发生了什么
  replay       把存下来的运行再讲一遍
  check        跑场景，只说是否符合预期
  doctor       看看这台机器能做到什么，还缺什么
  pack         照 Python struct 的格式把值打包成字节，标出每个字节是谁的
  unpack       照 Python struct 的格式读字节，看每一项是什么值
  fingerprint  看文件的大小、时间和摘要
  completions  输出 shell 的补全脚本
  man          输出手册页
  help         显示帮助，整个 lab 的或者某个命令的

参数:
  [文件]...
          自己写的场景文件，一起列出来

          以 .toml 结尾或者含有斜杠的才是路径。

通用选项:
      --lang <语言>
          用哪种语言，不给就看区域设置

          不给这个选项时，先看 LAB_LANG，再看配置文件，最后看 LC_ALL、
          LC_MESSAGES、LANG 里第一个不为空的。变量的值以 zh 开头就用中文，否则用
          英文。

          [可选：en、zh]

      --color <何时>
          什么时候用颜色

          auto：输出到终端、又没有设置 NO_COLOR 时才用；always：总是用；never：
          从不用。后两个不管 NO_COLOR。

          [可选：auto、always、never] [默认：auto]

      --ascii
          画图只用 ASCII 字符

          给显示不了框线符号的终端和字体用。文字和消息内容照原样显示。

      --theme <主题>
          全屏界面的配色：深色背景或浅色背景

          不给这个选项时，看配置文件。

          [可选：dark、light]

      --log <文件>
          把全屏界面的诊断信息写到这个文件

          全屏界面出了毛病，用它来查原因。打印出来的内容不会写进去。

  -h, --help
          显示帮助：-h 简要，--help 详细，带例子

  -V, --version
          显示版本号

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
  NO_COLOR                   不用颜色，除非写了 --color always
";

const RUN_EN: &str = "\
Run a scenario and tell what happened

Opens the sockets, does the steps of the scenario one after another, and tells
each event: which bytes a call sent or took, and what lay in which queue. At the
end it says whether what must be seen was seen, and why.

If standard input and output are terminals, all this is told in the screen.

Usage: lab run [OPTIONS] <SCENARIO>

Arguments:
  <SCENARIO>
          Id of a scenario (see `lab list`), or the path of a .toml file

          What ends in .toml or contains a slash is a path; everything else is
          an id.

Options:
      --no-tui
          Print text instead of opening the screen

          The same as --format text. It is needed where standard input or output
          is no terminal: no screen can open there.

      --format <FORMAT>
          Print the run as text, as text for a screen reader, or as JSON for
          programs

          spoken prints a line an event and draws nothing, for a voice that
          reads it aloud. json prints JSON lines: every event, and the verdict
          last. With this option the screen stays closed.

          [possible values: text, spoken, json]

      --set <KNOB=VALUE>
          Change a knob; may be given more than once

          `lab list` shows the knobs of each scenario, their defaults and what
          else they may be. Of two values for one knob the last counts.

      --save <FILE>
          Save the run, to be told again by `lab replay`

          The file carries the scenario with it.

      --pcapng <FILE>
          Write the packets on the wire to a pcapng file, for Wireshark

          Each packet once, when it came onto the wire, with a comment: whose
          bytes it carries, what it means, what became of it. Needs --link wire.

      --pace <SECONDS>
          Print text slowly, with so many seconds before each event

          A decimal number from 0 to 60, for example 0.5. The question comes
          first and has five times as long, the answer comes last. With this
          option the screen stays closed.

      --link <LINK>
          Join the endpoints over this

          wire puts two private networks with a real TCP/IP stack each at both
          ends of a wire that the lab carries, so every packet is seen. For TCP
          and UDP, on Linux. Then --set wire.mtu=576 and other knobs say what
          the wire is like.

          Possible values:
          - loopback: The kernel alone
          - wire:     A wire of the lab's own

      --ladder
          Print the packets as a sequence diagram in place of the timeline

          Time runs downwards, an arrow a packet, and at each end what the
          program does. For runs over a wire. With this option the screen stays
          closed.

      --ipv6
          Use ::1 instead of the address family that the scenario names

      --stepped
          In the screen, let each step wait for a key

          The steps are done one by one, while the class watches.

Global options:
      --lang <LANG>
          Language of everything that is printed; default: the locale's

          Without this option LAB_LANG decides, if it is set and not empty; then
          the configuration file; then the first of LC_ALL, LC_MESSAGES and LANG
          that is set and not empty. Of a variable: Chinese if it begins with
          zh, otherwise English.

          [possible values: en, zh]

      --color <WHEN>
          When to use colour

          auto uses colour on a terminal unless NO_COLOR is set; always and
          never mean what they say, whatever NO_COLOR is.

          [default: auto]
          [possible values: auto, always, never]

      --ascii
          Draw with ASCII characters only

          For terminals and fonts without box-drawing characters. Texts and
          payloads are printed as they are.

      --theme <THEME>
          Colours of the screen, for a dark or a light background

          Without this option the configuration file decides.

          [possible values: dark, light]

      --log <FILE>
          Write a diagnosis of the screen to this file

          For finding out what went wrong in the screen. What is printed is not
          logged.

  -h, --help
          Print all this; -h prints a summary

Examples:
  lab run short-recv                          with the defaults
  lab run nagle --set gap=ack --set count=5   with two knobs changed
  lab run nagle --stepped                     in the screen, a step a key
  lab run ./mine.toml --pace 0.5              your own scenario, printed slowly
  lab run nagle --format json                 for programs
  lab run nagle --link wire --ladder          on a wire, with every packet drawn

Exit codes:
  0    everything expected was observed
  1    something else was observed
  2    it could not run or tell: usage, bad scenario, missing permission
  130  interrupted
";

const RUN_ZH: &str = "\
打开套接字，照场景一步一步做，每件事都讲出来：哪次调用发出或取走了哪些字节，哪个
队列里有什么。最后说是否符合预期，以及为什么会这样。

标准输入和输出都是终端时，在全屏界面里讲。

用法: lab run [选项] <场景>

参数:
  <场景>
          场景的 id（见 lab list），或者一个 .toml 文件的路径

          以 .toml 结尾或者含有斜杠的是路径，其余都是 id。

选项:
      --no-tui
          只打印文本，不打开全屏界面

          和 --format text 一样。标准输入或输出不是终端时打不开全屏界面，要加上
          它。

      --format <格式>
          打印成文本、给读屏软件的文本，或者给程序读的 JSON

          spoken 一个事件一行，什么都不画，适合让读屏软件念出来。json 打印 JSON
          行：一件事一行，最后一行是结论。给了这个选项就不打开全屏界面。

          [可选：text、spoken、json]

      --set <旋钮=值>
          拨动一个旋钮，可以给多次

          每个场景有哪些旋钮、默认是什么、可以改成什么，见 lab list。同一个旋钮
          给了两次，以后一次为准。

      --save <文件>
          把这次运行存下来，以后用 lab replay 再讲

          场景也一起存在文件里。

      --pcapng <文件>
          把线上的包存成 pcapng 文件，用 Wireshark 打开

          一个包只记一次，记的是它上线的时刻。每个包都带注释：装的是哪条消息的字
          节、说明什么、后来怎么样了。要和 --link wire 一起用。

      --pace <秒>
          慢慢打印文本，每个事件之前停几秒

          0 到 60，可以带小数，比如 0.5。题目最先出来，停五倍的时间；答案最后出
          来。给了这个选项就不打开全屏界面。

      --link <链路>
          两个端点之间用什么连起来

          wire：两头各是一个私有网络，里面是真正的内核 TCP/IP，中间的线由 lab 来
          传，每个包都看得见。只用于 TCP 和 UDP，只在 Linux 上。这时可以用 --set
          wire.mtu=576 之类的旋钮设置链路参数。

          [可选：loopback、wire]

      --ladder
          不按时间逐行讲，把包画成时序图

          时间往下走，一个包一个箭头，两边写着程序做了什么。只用于走虚拟链路的运
          行。给了这个选项就不打开全屏界面。

      --ipv6
          不管场景写的是哪种地址，都用 ::1

      --stepped
          在全屏界面里一步一步来，每一步都等按键

          学生看着，按一次键做一步。

通用选项:
      --lang <语言>
          用哪种语言，不给就看区域设置

          不给这个选项时，先看 LAB_LANG，再看配置文件，最后看 LC_ALL、
          LC_MESSAGES、LANG 里第一个不为空的。变量的值以 zh 开头就用中文，否则用
          英文。

          [可选：en、zh]

      --color <何时>
          什么时候用颜色

          auto：输出到终端、又没有设置 NO_COLOR 时才用；always：总是用；never：
          从不用。后两个不管 NO_COLOR。

          [可选：auto、always、never] [默认：auto]

      --ascii
          画图只用 ASCII 字符

          给显示不了框线符号的终端和字体用。文字和消息内容照原样显示。

      --theme <主题>
          全屏界面的配色：深色背景或浅色背景

          不给这个选项时，看配置文件。

          [可选：dark、light]

      --log <文件>
          把全屏界面的诊断信息写到这个文件

          全屏界面出了毛病，用它来查原因。打印出来的内容不会写进去。

  -h, --help
          显示帮助：-h 简要，--help 详细，带例子

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
  130  被中断
";
