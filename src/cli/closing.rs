//! What stands below the options of each command: examples, exit codes, where settings come from.

pub const LAB: &str = "\
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
  NO_COLOR                   no colour, unless --color says always";

pub const LIST: &str = "\
Examples:
  lab list --json         every scenario with its knobs, for programs
  lab list --markdown     everything about every scenario, for teachers
  lab list --find nagle   those in which a word is found

Exit codes:
  0    there are some
  1    --find found none";

pub const RUN: &str = "\
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
  130  interrupted";

pub const REPLAY: &str = "\
Examples:
  lab replay nagle.run            in the screen
  lab replay nagle.run --pace 1   printed, a line a second

Exit codes:
  0    everything expected had been observed
  1    something else had been observed
  2    it could not be told: usage, unreadable file
  130  interrupted";

pub const CHECK: &str = "\
Examples:
  lab check                      everything that comes with the lab, once
  lab check nagle --repeat 100   one scenario, a hundred times
  lab check ./mine.toml --ipv6   your own scenario, over ::1

Exit codes:
  0    everything expected was observed, every time
  1    something else was observed at least once
  2    it could not run or tell: usage, bad scenario, missing permission
  130  interrupted";

pub const DOCTOR: &str = "\
Example:
  lab doctor";

pub const PACK: &str = "\
Examples:
  lab pack i 1000000            4 bytes, as this machine lays them out
  lab pack '!i' 1000000         the same number in network byte order
  lab pack I3sf 7 abc 2.5       with a byte of padding before the f
  lab pack 'I3sf' 7 0x6162 -1   the text as hex, a negative number

Exit codes:
  0    the values are packed
  2    they could not be: usage, bad format, a value out of range";

pub const UNPACK: &str = "\
Examples:
  lab unpack i 40 42 0f 00        one number
  lab unpack '!i' '00 0f 42 40'   the same in network byte order

Exit codes:
  0    the bytes are unpacked
  2    they could not be: usage, bad format, too many or too few bytes";

pub const FINGERPRINT: &str = "\
Examples:
  lab fingerprint nagle.run            one file
  lab fingerprint sent.bin got.bin     a file and its copy
  lab fingerprint sent.bin --json      for programs

Exit codes:
  0    every file was read
  2    one could not be read, or changed while it was read; usage
  130  interrupted";

pub const COMPLETIONS: &str = "\
Example:
  lab completions bash > ~/.local/share/bash-completion/completions/lab";

pub const MAN: &str = "\
Example:
  lab man | man -l -";

pub const HELP: &str = "\
Example:
  lab help run";
