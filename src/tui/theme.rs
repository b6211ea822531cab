//! What each role looks like.

use ratatui::style::{Color, Modifier, Style};

use super::app::{Appearance, Palette};
use crate::config;
use crate::report::line::Role;

/// Styles for everything that is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Theme {
    /// Ordinary text on the ground.
    pub plain: Style,
    /// Beside the point.
    pub faint: Style,
    /// Titles.
    pub title: Style,
    /// As it should be.
    pub good: Style,
    /// Not as it should be.
    pub bad: Style,
    /// Worth a look.
    pub notable: Style,
    /// Gone for good.
    pub lost: Style,
    /// What is spoken of now, what the cursor is at.
    pub lit: Style,
    /// Lines between panes.
    pub border: Style,
    messages: [Style; 4],
}

impl Theme {
    /// The theme for an appearance.
    #[must_use]
    pub fn new(look: &Appearance) -> Self {
        let bold = Modifier::BOLD;
        if look.color == Palette::None {
            let plain = Style::new();
            return Self {
                plain,
                faint: plain.add_modifier(Modifier::DIM),
                title: plain.add_modifier(bold),
                good: plain.add_modifier(bold),
                bad: plain.add_modifier(bold | Modifier::UNDERLINED),
                notable: plain.add_modifier(bold),
                lost: plain.add_modifier(Modifier::CROSSED_OUT | Modifier::DIM),
                lit: plain.add_modifier(Modifier::REVERSED),
                border: plain.add_modifier(Modifier::DIM),
                messages: [plain; 4],
            };
        }
        let colors = match (look.theme, look.color) {
            (config::Theme::Dark, Palette::Full) => DARK,
            (config::Theme::Light, Palette::Full) => LIGHT,
            (config::Theme::Dark, _) => DARK_16,
            (config::Theme::Light, _) => LIGHT_16,
        };
        // The ground is painted too: a light theme on a dark terminal must be light.
        let plain = Style::new().fg(colors.text).bg(colors.ground);
        let on_ground = |color: Color| plain.fg(color);
        Self {
            plain,
            faint: on_ground(colors.faint),
            title: plain.add_modifier(bold),
            good: on_ground(colors.good).add_modifier(bold),
            bad: on_ground(colors.bad).add_modifier(bold),
            notable: plain.add_modifier(bold),
            lost: on_ground(colors.bad).add_modifier(Modifier::CROSSED_OUT),
            lit: plain.add_modifier(bold | Modifier::REVERSED),
            border: on_ground(colors.faint),
            messages: colors.messages.map(on_ground),
        }
    }

    /// What a role looks like.
    #[must_use]
    pub fn role(&self, role: Role) -> Style {
        match role {
            Role::Plain => self.plain,
            Role::Title => self.title,
            Role::Faint => self.faint,
            Role::Message(number) => self.message(number),
            Role::Good => self.good,
            Role::Bad => self.bad,
            Role::Notable => self.notable,
        }
    }

    /// A message's colour. The colours repeat from the fifth message on; the label stands beside every colour.
    #[must_use]
    pub fn message(&self, number: u32) -> Style {
        let index = usize::try_from(number).unwrap_or(0).saturating_sub(1) % self.messages.len();
        self.messages[index]
    }
}

#[derive(Debug, Clone, Copy)]
struct Colors {
    ground: Color,
    text: Color,
    faint: Color,
    good: Color,
    bad: Color,
    messages: [Color; 4],
}

// The message colours follow Okabe and Ito: sky blue, orange, bluish green and reddish purple are told apart by
// colour-blind people too. None of them says good or bad.

const DARK: Colors = Colors {
    ground: Color::Indexed(16),
    text: Color::Indexed(253),
    faint: Color::Indexed(246),
    good: Color::Indexed(114),
    bad: Color::Indexed(210),
    messages: [
        Color::Indexed(117),
        Color::Indexed(214),
        Color::Indexed(79),
        Color::Indexed(219),
    ],
};

const LIGHT: Colors = Colors {
    ground: Color::Indexed(231),
    text: Color::Indexed(16),
    faint: Color::Indexed(241),
    good: Color::Indexed(22),
    bad: Color::Indexed(124),
    messages: [
        Color::Indexed(25),
        Color::Indexed(130),
        Color::Indexed(29),
        Color::Indexed(90),
    ],
};

const DARK_16: Colors = Colors {
    ground: Color::Black,
    text: Color::White,
    faint: Color::Gray,
    good: Color::LightGreen,
    bad: Color::LightRed,
    messages: [
        Color::LightCyan,
        Color::LightYellow,
        Color::LightGreen,
        Color::LightMagenta,
    ],
};

const LIGHT_16: Colors = Colors {
    ground: Color::White,
    text: Color::Black,
    faint: Color::DarkGray,
    good: Color::Green,
    bad: Color::Red,
    messages: [Color::Blue, Color::Red, Color::Green, Color::Magenta],
};
