//! Stand-in: a title and a counter in a frame.

use ratatui::Frame;
use ratatui::style::{Style, Stylize};
use ratatui::widgets::{Block, Paragraph};

use super::app::App;

/// Where the mouse finds what.
#[derive(Debug, Default)]
pub struct Hits;

/// Draws the screen.
pub fn draw(frame: &mut Frame<'_>, app: &App) -> Hits {
    let size = format!("{}×{}", frame.area().width, frame.area().height);
    let block = Block::bordered()
        .title("lab".bold().yellow())
        .title_bottom(size)
        .style(Style::new().cyan());
    let text = Paragraph::new(format!("keys: {}", app.keys)).block(block);
    frame.render_widget(text, frame.area());
    Hits
}
