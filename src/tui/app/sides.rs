//! Which end of a connection stands on which side of the screen.

use crate::story::Story;
use crate::trace::EndpointId;

/// The two ends of a connection: the one that sends stands on the left.
#[must_use]
pub fn sides(story: &Story, connection: usize) -> [EndpointId; 2] {
    let base = u8::try_from((2 * connection).min(254)).unwrap_or(0);
    let (one, other) = (EndpointId(base), EndpointId(base + 1));
    if !sends(story, one) && sends(story, other) {
        [other, one]
    } else {
        [one, other]
    }
}

/// Whether an endpoint sends anything in this scenario.
#[must_use]
pub fn sends(story: &Story, endpoint: EndpointId) -> bool {
    let index = usize::from(endpoint.0);
    let mut own = story.plan.steps.iter().filter(|step| step.endpoint == index);
    own.any(|step| step.task.sends())
}
