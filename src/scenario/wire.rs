//! What joins the endpoints if not the kernel alone: a wire, and what it is like.

use std::collections::BTreeMap;
use std::time::Duration;

use super::plan::Decide;
use super::{Arg, Family, Knob, KnobKind, Named, Scenario, Setting, Settings, Text};

/// What joins endpoints that speak TCP or UDP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// The kernel alone.
    Loopback,
    /// A wire of the lab's own between two networks.
    Wire,
}

/// Whether the kernel's retransmission timers run as ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timers {
    /// They do not run out while somebody looks at a held packet: not before 60 s, which is half of the kernel's largest
    /// timeout.
    Held,
    /// Not before 1 s, as RFC 6298, section 2.4, has it.
    Rfc,
    /// As ever: what is not acknowledged is sent again.
    Kernel,
}

/// What a wire is like, as a file writes it. What is left out is a knob of its own ([`WrittenWire::implied`]).
#[derive(Debug, Clone, Default)]
pub struct WrittenWire {
    /// Longest packet, in bytes, IP header included.
    pub mtu: Option<Arg<u64>>,
    /// Milliseconds from one end to the other.
    pub delay_ms: Option<Arg<u64>>,
    /// Thousands of bits a second in each direction; 0: as many as come.
    pub rate_kbit: Option<Arg<u64>>,
    /// Of a hundred packets so many are lost.
    pub loss: Option<Arg<u64>>,
    /// Of a hundred packets so many come twice.
    pub duplicate: Option<Arg<u64>>,
    /// Of a hundred packets so many come late.
    pub reorder: Option<Arg<u64>>,
    /// What chance begins with.
    pub seed: Option<Arg<u64>>,
    /// Whether timers run.
    pub timers: Option<Arg<Timers>>,
}

/// The wire of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedWire {
    /// Longest packet, in bytes.
    pub mtu: u32,
    /// From one end to the other.
    pub delay: Duration,
    /// Bits a second; `None`: as many as come.
    pub rate: Option<u64>,
    /// Of a hundred packets so many are lost.
    pub loss: u8,
    /// Of a hundred packets so many come twice.
    pub duplicate: u8,
    /// Of a hundred packets so many come late.
    pub reorder: u8,
    /// What chance begins with.
    pub seed: u64,
    /// The shortest retransmission timeout, in milliseconds; `None`: the kernel's own (200 ms on Linux).
    pub rto_min_ms: Option<u32>,
}

/// A number that says what a wire is like.
#[derive(Debug, Clone, Copy)]
pub struct Figure {
    /// Its key in `[wire]`; the knob is called `wire.` and this.
    pub key: &'static str,
    /// What it is if nobody says otherwise.
    pub default: u64,
    /// Smallest and largest.
    pub range: (u64, u64),
    /// What it means, in English and Chinese.
    pub label: [&'static str; 2],
}

/// The numbers, in the order of [`WrittenWire`].
pub const FIGURES: [Figure; 7] = [
    Figure {
        key: "mtu",
        default: 1500,
        range: (576, 65_535),
        label: [
            "longest packet on the wire, in bytes, IP header included (MTU)",
            "线上一个包最多多少字节，IP 首部算在内（MTU）",
        ],
    },
    Figure {
        key: "delay_ms",
        default: 0,
        range: (0, 1000),
        label: [
            "how long a packet takes from one end to the other, in milliseconds",
            "一个包从这头到那头要走多少毫秒",
        ],
    },
    Figure {
        key: "rate_kbit",
        default: 0,
        range: (0, 10_000_000),
        label: [
            "kilobits a second that the wire carries in each direction; 0: no limit",
            "每个方向每秒能走多少千比特；0 表示不限",
        ],
    },
    Figure {
        key: "loss",
        default: 0,
        range: (0, 50),
        label: ["of a hundred packets so many are lost", "每一百个包里丢掉几个"],
    },
    Figure {
        key: "duplicate",
        default: 0,
        range: (0, 50),
        label: ["of a hundred packets so many come twice", "每一百个包里有几个会到两次"],
    },
    Figure {
        key: "reorder",
        default: 0,
        range: (0, 50),
        label: [
            "of a hundred packets so many come after the one behind them",
            "每一百个包里有几个被后面的包超过",
        ],
    },
    Figure {
        key: "seed",
        default: 1,
        range: (0, 9999),
        label: [
            "with the same seed chance hits the same packets",
            "种子：种子一样，碰巧出事的就是同样的包",
        ],
    },
];

/// The key and knob of [`Timers`].
const TIMERS: &str = "timers";

const TIMERS_LABEL: [&str; 2] = [
    "how soon the retransmission timer may run out",
    "重传定时器最早什么时候到点",
];

/// What each of [`Timers`] means.
const TIMERS_MEAN: [[&str; 2]; 3] = [
    [
        "after 60 s: nothing is sent again by it while you look at a packet",
        "60 秒以后：慢慢看包，不会有定时重传来打岔",
    ],
    ["after 1 s, as RFC 6298 has it", "1 秒以后，照 RFC 6298 的规定"],
    [
        "when the kernel likes; on Linux after 200 ms",
        "由内核自己定，Linux 上是 200 毫秒以后",
    ],
];

/// The knob that every scenario over TCP or UDP has without writing it: what joins the endpoints.
pub const LINK: &str = "link";

const LINK_LABEL: [&str; 2] = ["what joins the endpoints", "两个端点用什么连起来"];

/// What each [`Link`] means.
const LINKS_MEAN: [[&str; 2]; 2] = [
    ["the kernel alone, inside this machine", "只靠内核，不出本机"],
    ["a wire, on which each packet is seen", "一条虚拟链路，每个包都看得见"],
];

/// A knob with these labels, that is one of these words.
fn choice<T: Named>(name: String, label: [&str; 2], mean: &[[&str; 2]]) -> Knob {
    let options: Vec<String> = T::NAMES.iter().map(|(name, _)| (*name).to_owned()).collect();
    Knob {
        name,
        label: text(label),
        labels: options.iter().cloned().zip(mean.iter().copied().map(text)).collect(),
        kind: KnobKind::Choice {
            default: options[0].clone(),
            options,
        },
    }
}

fn text([en, zh]: [&str; 2]) -> Text {
    Text {
        en: en.to_owned(),
        zh: zh.to_owned(),
    }
}

/// [`LINK`] as a knob.
#[must_use]
pub fn link_knob() -> Knob {
    choice::<Link>(LINK.to_owned(), LINK_LABEL, &LINKS_MEAN)
}

impl Named for Link {
    const NAMES: &'static [(&'static str, Self)] = &[("loopback", Self::Loopback), ("wire", Self::Wire)];
}

impl Named for Timers {
    const NAMES: &'static [(&'static str, Self)] =
        &[("held", Self::Held), ("rfc", Self::Rfc), ("kernel", Self::Kernel)];
}

impl WrittenWire {
    fn figures(&self) -> [&Option<Arg<u64>>; 7] {
        [
            &self.mtu,
            &self.delay_ms,
            &self.rate_kbit,
            &self.loss,
            &self.duplicate,
            &self.reorder,
            &self.seed,
        ]
    }

    /// A knob for each that the file leaves open.
    #[must_use]
    pub fn implied(&self) -> Vec<Knob> {
        let open = FIGURES
            .iter()
            .zip(self.figures())
            .filter(|(_, written)| written.is_none());
        let mut knobs: Vec<Knob> = open
            .map(|(figure, _)| Knob {
                name: format!("wire.{}", figure.key),
                label: text(figure.label),
                labels: BTreeMap::new(),
                kind: KnobKind::Number {
                    default: figure.default,
                    min: figure.range.0,
                    max: figure.range.1,
                },
            })
            .collect();
        if self.timers.is_none() {
            knobs.push(choice::<Timers>(format!("wire.{TIMERS}"), TIMERS_LABEL, &TIMERS_MEAN));
        }
        knobs
    }

    pub(super) fn decided(&self, decide: &Decide<'_>) -> PlannedWire {
        let numbers: Vec<u64> = FIGURES
            .iter()
            .zip(self.figures())
            .map(|(figure, written)| match written {
                Some(arg) => decide.number(arg),
                None => decide
                    .set_number(&format!("wire.{}", figure.key))
                    .unwrap_or(figure.default),
            })
            .collect();
        let timers = match &self.timers {
            Some(arg) => decide.choice(arg),
            None => decide
                .set_choice(&format!("wire.{TIMERS}"))
                .unwrap_or(Timers::NAMES[0].1),
        };
        let percent = |at: usize| u8::try_from(numbers[at]).unwrap_or(100);
        PlannedWire {
            mtu: u32::try_from(numbers[0]).unwrap_or(u32::MAX),
            delay: Duration::from_millis(numbers[1]),
            rate: Some(numbers[2].saturating_mul(1000)).filter(|rate| *rate > 0),
            loss: percent(3),
            duplicate: percent(4),
            reorder: percent(5),
            seed: numbers[6],
            rto_min_ms: match timers {
                Timers::Held => Some(60_000),
                Timers::Rfc => Some(1000),
                Timers::Kernel => None,
            },
        }
    }
}

impl Scenario {
    /// Whether its endpoints can be joined over a wire: they speak TCP or UDP, over IPv4.
    #[must_use]
    pub fn goes_over_wire(&self) -> bool {
        let internet = match &self.transport {
            Arg::Fixed(transport) => transport.is_internet(),
            Arg::Knob(_) => true,
        };
        internet && self.family == Family::Ipv4
    }

    /// The knobs that it has without writing them: what joins the endpoints, and what a wire is like. They count as set to
    /// their defaults where they are not set.
    #[must_use]
    pub fn implied(&self) -> Vec<Knob> {
        if self.link == Arg::Fixed(Link::Loopback) {
            return Vec::new();
        }
        let link = (self.link == Arg::Knob(LINK.to_owned())).then(link_knob);
        let all = link.into_iter().chain(self.wire.implied());
        all.filter(|knob| !self.knobs.iter().any(|own| own.name == knob.name))
            .collect()
    }

    /// Those that it writes and those that it does not.
    #[must_use]
    pub fn all_knobs(&self) -> Vec<Knob> {
        [self.knobs.clone(), self.implied()].concat()
    }

    /// The same over a wire: every setting has it, and what the wire is like are knobs as others.
    #[must_use]
    pub fn over_wire(mut self) -> Self {
        let wire = Link::Wire.name().to_owned();
        for mut knob in self.implied() {
            if let (LINK, KnobKind::Choice { default, .. }) = (knob.name.as_str(), &mut knob.kind) {
                default.clone_from(&wire);
            }
            for contrast in &mut self.contrasts {
                contrast.insert(&knob.name, knob.default());
            }
            self.knobs.push(knob);
        }
        // What differed by the wire alone is the default now.
        let defaults = self.defaults();
        self.contrasts.retain(|contrast| *contrast != defaults);
        self
    }

    /// These settings over loopback, if they want a wire and the scenario does not depend on one.
    #[must_use]
    pub fn without_wire(&self, settings: &Settings) -> Option<Settings> {
        let wanted = self.link(settings) == Link::Wire && self.link != Arg::Fixed(Link::Wire);
        let mut settings = settings.clone();
        settings.insert(LINK, Setting::Choice(Link::Loopback.name().to_owned()));
        wanted.then_some(settings)
    }

    /// What joins the endpoints under these settings.
    #[must_use]
    pub fn link(&self, settings: &Settings) -> Link {
        match &self.link {
            Arg::Fixed(link) => *link,
            Arg::Knob(name) => match settings.get(name) {
                Some(Setting::Choice(word)) if word == Link::Wire.name() => Link::Wire,
                _ => Link::Loopback,
            },
        }
    }
}
