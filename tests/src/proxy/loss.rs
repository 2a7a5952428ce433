use super::{Rule, RuleBuilder};

/// How a command is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// The server never sees it.
    Unsent,
    /// The server carries it out, and its answer is lost.
    Unanswered,
    /// The server sees a part of it.
    TornRequest,
    /// The server carries it out, and a part of its answer comes.
    TornReply,
}

impl Loss {
    /// All of them.
    pub const ALL: [Loss; 4] = [
        Loss::Unsent,
        Loss::Unanswered,
        Loss::TornRequest,
        Loss::TornReply,
    ];
}

impl RuleBuilder {
    /// Loses the command. `bytes`: how much comes of what is torn.
    pub fn lose(self, loss: Loss, bytes: usize) -> Rule {
        match loss {
            Loss::Unsent => self.cut_before(),
            Loss::Unanswered => self.cut_after(),
            Loss::TornRequest => self.partial_request(bytes),
            Loss::TornReply => self.partial_reply(bytes),
        }
    }
}
