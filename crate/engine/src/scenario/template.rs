//! Workloads as data: transactions, accounts and set-up made from templates.
//!
//! A template is what would stand in the scenario, with placeholders in its texts. It is filled in as JSON and then read like
//! anything else, so that every field may stand in it, and whatever is wrong is reported at its place in the template.

use std::borrow::Cow;

use rand_pcg::Pcg64;
use rand_pcg::rand_core::Rng;
use revm::primitives::U256;

use super::generate::{Knobs, Zipf};
use super::json::{Member, Node, Span, Value, shorten};
use super::lower::{Lowering, MAX_ACCOUNTS};
use super::problems::{Problems, closest};
use super::raw::{
    At, Entries, Key, RawAccount, RawDraw, RawItem, RawScenario, RawTransaction, RawWorkload, Read,
    object,
};
use super::transactions::{Draft, MAX_TRANSACTIONS};
use super::values::{Count, Who, parse_who};

/// The most that all templates of a part may come to, in bytes of text and 16 for each value.
const MAX_FILLED: usize = 64 << 20;

/// What a transaction's template may mention without drawing it.
const BUILT_IN: [&str; 6] = ["user", "number", "other", "pool", "home", "index"];

/// One of the transactions of a template: how often it is taken, and what it looks like.
#[derive(Clone, Debug)]
pub(super) struct RawChoice {
    pub(super) weight: u64,
    pub(super) read: bool,
    /// The transaction, with placeholders.
    pub(super) node: Node<'static>,
}

impl Read for RawChoice {
    fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Self> {
        object(node, "a transaction", problems)?;
        let mut node = node.to_owned();
        let (mut weight, mut read) = (Some(1), Some(false));
        let Value::Object(members) = &mut node.value else { return None };
        members.retain(|member| match member.key.as_ref() {
            "weight" => {
                weight = Count::read(&member.value, problems).map(|count| count.0);
                if weight.is_some_and(|weight| weight > 1_000_000) {
                    let message = "a weight is at most 1000000";
                    problems.error(member.value.span.clone(), message);
                }
                false
            }
            "read" => {
                read = bool::read(&member.value, problems);
                false
            }
            _ => true,
        });
        Some(Self { weight: weight?.min(1_000_000), read: read?, node })
    }
}

/// What a transaction draws: a name for placeholders.
#[derive(Clone, Debug)]
pub(super) struct DrawName(pub(super) String);

impl Key for DrawName {
    fn parse(text: &str) -> Result<Self, (String, Option<String>)> {
        let taken = BUILT_IN.contains(&text);
        if taken || text.is_empty() || !text.chars().all(|c| c.is_ascii_alphanumeric()) {
            let message = match taken {
                true => format!("`{{{text}}}` has a meaning already"),
                false => format!("`{}` cannot be a placeholder's name", shorten(text)),
            };
            return Err((message, Some("take another name, of letters and digits".to_owned())));
        }
        Ok(Self(text.to_owned()))
    }
}

/// An account's name with placeholders, which is looked at when it is filled in.
#[derive(Clone, Debug)]
pub(super) struct NameTemplate(pub(super) String);

impl Key for NameTemplate {
    fn parse(text: &str) -> Result<Self, (String, Option<String>)> {
        Ok(Self(text.to_owned()))
    }
}

/// The accounts of a scenario: those it declares, and those that its templates declare.
pub(super) fn accounts(
    raw: &RawScenario,
    problems: &mut Problems,
) -> Vec<(At<Who>, At<RawAccount>)> {
    let mut all = raw.accounts.value().map(|entries| entries.0.clone()).unwrap_or_default();
    let lists = [raw.setup.value(), raw.transactions.value()];
    for item in lists.into_iter().flatten().flat_map(|list| &list.0) {
        let RawItem::Generated(part) = &item.value else { continue };
        let Some(workload) = part.generate.value() else { continue };
        // What is wrong with the knobs is reported when the transactions are made.
        let Some(knobs) = Knobs::read(workload, &mut Problems::default()) else { continue };
        let mut filler = Filler::new(workload, knobs, problems);
        for (key, account) in workload.declare.value().into_iter().flat_map(|entries| &entries.0) {
            let name = Node {
                value: Value::String(Cow::Owned(key.value.0.clone())),
                span: key.span.clone(),
            };
            for turn in filler.repeated(&[&name, &account.value.0]) {
                let errors = filler.problems.errors();
                let name = filler.fill(&name, &turn);
                let account = filler.fill(&account.value.0, &turn);
                let who = parse_who(name.text().unwrap_or_default());
                let who = who.map_err(|(message, hint)| {
                    filler.problems.error(name.span.clone(), message).hint_if(hint);
                });
                let value = RawAccount::read(&account, filler.problems);
                if filler.problems.errors() > errors || all.len() > MAX_ACCOUNTS {
                    break;
                }
                if let (Ok(who), Some(value)) = (who, value) {
                    all.push((
                        At { value: who, span: name.span },
                        At { value, span: account.span },
                    ));
                }
            }
        }
    }
    all
}

impl Lowering<'_> {
    /// Adds the transactions that the templates of `raw` make to `drafts`, and those before the block to the set-up.
    pub(super) fn fill_templates(
        &mut self,
        raw: &RawWorkload,
        knobs: Knobs,
        path: &str,
        drafts: &mut Vec<Draft>,
    ) {
        for (name, span) in [
            ("workload", raw.workload.span()),
            ("contracts", raw.contracts.span()),
            ("value", raw.value.span()),
            ("rounds", raw.rounds.span()),
        ] {
            if let Some(span) = span {
                let message = format!("`{name}` and `each` contradict each other");
                self.problems
                    .error(span, message)
                    .hint("`each` makes the transactions itself, from templates");
            }
        }
        let choices = raw.each.value().map(|list| list.0.as_slice()).unwrap_or_default();
        let reads = raw.reads.get();
        let weights = [true, false].map(|read| {
            let of = choices.iter().filter(|at| at.value.read == read);
            of.map(|at| at.value.weight).sum::<u64>()
        });
        let [read, write] = weights;
        if let Some(at) = raw.each.get()
            && read + write == 0
            // What was written wrongly is not among them, and has been reported.
            && (self.problems.errors() == 0 || !choices.is_empty())
        {
            self.problems.error(at.span.clone(), "there is nothing to choose from");
        }
        if let Some(at) = reads
            && ((at.value.0 > 0 && read == 0) || (at.value.0 < 1024 && write == 0))
        {
            let message = "`reads` needs entries of `each` that read, and others";
            self.problems
                .error(at.span.clone(), message)
                .hint("add \"read\": true to those that read");
        }
        // Set-up that stands in `setup` runs where it stands, that of the block after the scenario's own.
        let in_place = path.starts_with("setup");
        let errors = self.problems.errors();
        let mut filler = Filler::new(raw, knobs, self.problems);
        let mut filled = Vec::new();
        let items = raw.setup.value().into_iter().flat_map(|list| &list.0);
        for (index, item) in items.enumerate() {
            let path = format!("{path}.generate.setup[{index}]");
            for turn in filler.repeated(&[&item.value.0]) {
                filled.push((path.clone(), filler.fill(&item.value.0, &turn)));
                if filler.problems.errors() > errors || filled.len() > MAX_TRANSACTIONS {
                    break;
                }
            }
        }
        let preparing = filled.len();
        for index in 0..knobs.count {
            let turn = filler.turn(index);
            // Drawn in any case, so that the rest of a block does not depend on the kinds of entries.
            let (share, point) = (filler.random.next_u64() >> 54, filler.random.next_u64());
            let wanted = reads.map(|at| share < u64::from(at.value.0));
            let fits = |choice: &RawChoice| wanted.is_none_or(|wanted| choice.read == wanted);
            let total = match wanted {
                Some(true) => read,
                Some(false) => write,
                None => read + write,
            };
            let mut point = ((u128::from(point) * u128::from(total)) >> 64) as u64;
            let chosen = choices.iter().map(|at| &at.value).filter(|one| fits(one)).find(|one| {
                let here = point < one.weight;
                point = point.saturating_sub(one.weight);
                here
            });
            let Some(chosen) = chosen else { break };
            filled.push((path.to_owned(), filler.fill(&chosen.node, &turn)));
            if filler.problems.errors() > errors {
                break;
            }
        }
        for (index, (path, node)) in filled.into_iter().enumerate() {
            let draft = RawTransaction::read(&node, self.problems)
                .and_then(|raw| self.plain(&raw, &node.span, path));
            // The others are wrong in the same way.
            if self.problems.errors() > errors {
                return;
            }
            let list = if index < preparing && !in_place {
                &mut self.template_setup
            } else {
                &mut *drafts
            };
            list.extend(draft);
        }
    }
}

/// What the placeholders mean in one repetition.
struct Turn {
    user: usize,
    other: usize,
    pool: usize,
    index: u64,
    /// In the order of `draw`.
    drawn: Vec<Drawn>,
}

/// What a transaction drew.
enum Drawn {
    /// A number.
    Number(U256),
    /// Which one of a list.
    Choice(usize),
    /// What was written wrongly draws nothing.
    Nothing,
}

/// Fills in templates.
struct Filler<'f> {
    raw: &'f RawWorkload,
    knobs: Knobs,
    prefix: &'f str,
    random: Pcg64,
    users: Zipf,
    pools: Zipf,
    /// For each name in `draw` that has a list.
    lists: Vec<Option<Zipf>>,
    left: usize,
    problems: &'f mut Problems,
}

impl<'f> Filler<'f> {
    fn new(raw: &'f RawWorkload, knobs: Knobs, problems: &'f mut Problems) -> Self {
        let draws = raw.draw.value().map(|Entries(draws)| draws.as_slice()).unwrap_or_default();
        let lists = draws.iter().map(|(_, draw)| {
            let items = draw.value.of.value()?.0.len();
            let skew = draw.value.skew.value().map_or(knobs.skew, |skew| skew.0);
            (items > 0).then(|| Zipf::new(items, skew))
        });
        Self {
            raw,
            knobs,
            prefix: raw.prefix.value().map_or("user", String::as_str),
            random: knobs.random(),
            users: Zipf::new(knobs.accounts as usize, knobs.skew),
            pools: Zipf::new(knobs.pools as usize, knobs.skew),
            lists: lists.collect(),
            left: MAX_FILLED,
            problems,
        }
    }

    /// The turn of transaction `index`.
    fn turn(&mut self, index: u64) -> Turn {
        let users = self.knobs.accounts as usize;
        let user = index as usize % users;
        let other = self.users.choose(&mut self.random);
        // Nobody is the other one: the next one is.
        let other = if other == user { (other + 1) % users } else { other };
        let pool = self.pools.choose(&mut self.random);
        let raw = self.raw;
        let draws = raw.draw.value().into_iter().flat_map(|entries| &entries.0);
        let drawn = draws.enumerate().map(|(at, (_, draw))| self.draw(at, draw, index)).collect();
        Turn { user, other, pool, index, drawn }
    }

    /// A turn for each user if `nodes` mention one, for each pool if they mention one, for each pair if they do both.
    fn repeated(&mut self, nodes: &[&Node<'_>]) -> Vec<Turn> {
        let mention = |names: &[&str]| {
            names.iter().any(|name| nodes.iter().any(|node| mentions(node, &format!("{{{name}}}"))))
        };
        let users = if mention(&["user", "number", "home"]) { self.knobs.accounts } else { 1 };
        let pools = if mention(&["pool"]) { self.knobs.pools } else { 1 };
        let most = MAX_TRANSACTIONS as u64 + 1;
        (0..(users * pools).min(most))
            .map(|index| {
                let mut turn = self.turn(index / pools);
                turn.pool = (index % pools) as usize;
                turn.index = index;
                turn
            })
            .collect()
    }

    fn draw(&mut self, at: usize, draw: &At<RawDraw>, index: u64) -> Drawn {
        let raw = &draw.value;
        let point = U256::from(self.random.next_u64());
        if let Some(zipf) = &self.lists[at] {
            Drawn::Choice(zipf.choose(&mut self.random))
        } else if let Some(bounds) = raw.between.value()
            && let [low, high] = &bounds.0[..]
            && low.value.0 <= high.value.0
            && high.value.0.bit_len() <= 128
        {
            let span = high.value.0 - low.value.0 + U256::ONE;
            Drawn::Number(low.value.0 + ((span * point) >> 64usize))
        } else if let Some(first) = raw.from.value() {
            Drawn::Number(U256::from(first.0) + U256::from(index))
        } else {
            let message = "this says neither what to choose from nor between which numbers";
            self.problems.error_once(draw.span.clone(), message.to_owned()).hint(
                "write { \"between\": [1, 10] } with numbers below 2^128, { \"of\": [\"a\", \"b\"] }, or { \"from\": 1 }",
            );
            Drawn::Nothing
        }
    }

    /// `node` with every placeholder replaced.
    fn fill(&mut self, node: &Node<'static>, turn: &Turn) -> Node<'static> {
        self.spend(16, &node.span);
        let value = match &node.value {
            _ if self.left == 0 => Value::Broken,
            Value::Array(items) => {
                Value::Array(items.iter().map(|item| self.fill(item, turn)).collect())
            }
            Value::Object(members) => Value::Object(
                members
                    .iter()
                    .map(|member| Member {
                        key: member.key.clone(),
                        key_span: member.key_span.clone(),
                        value: self.fill(&member.value, turn),
                    })
                    .collect(),
            ),
            Value::String(text) => self.text(text, &node.span, turn),
            other => other.clone(),
        };
        Node { value, span: node.span.clone() }
    }

    fn text(&mut self, text: &str, span: &Span, turn: &Turn) -> Value<'static> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, name, after)) = placeholder(rest) {
            let value = self.value(name, span, turn);
            if before.is_empty() && after.is_empty() && filled.is_empty() {
                return value;
            }
            let length = filled.len();
            filled.push_str(before);
            match &value {
                Value::String(text) | Value::Number(text) => filled.push_str(text),
                Value::Broken => {}
                _ => {
                    let message =
                        format!("`{{{name}}}` is no text that could stand within another");
                    self.problems.error_once(span.clone(), message);
                }
            }
            self.spend(filled.len() - length, span);
            if self.left == 0 {
                return Value::Broken;
            }
            rest = after;
        }
        self.spend(rest.len(), span);
        filled.push_str(rest);
        Value::String(Cow::Owned(filled))
    }

    fn value(&mut self, name: &str, span: &Span, turn: &Turn) -> Value<'static> {
        let named = |number: usize| format!("{}{number}", self.prefix);
        let text = match name {
            "user" => named(turn.user),
            "other" if turn.other == turn.user => format!("{}-friend", named(turn.user)),
            "other" => named(turn.other),
            "number" => turn.user.to_string(),
            "pool" => turn.pool.to_string(),
            "home" => (turn.user % self.knobs.pools as usize).to_string(),
            "index" => turn.index.to_string(),
            _ => {
                let draws = self.raw.draw.value().map(|entries| entries.0.as_slice());
                let draws = draws.unwrap_or_default();
                if let Some(at) = draws.iter().position(|(key, _)| key.value.0 == name) {
                    return self.drawn(&draws[at].1.value, &turn.drawn[at], span);
                }
                let names = draws.iter().map(|(key, _)| key.value.0.as_str());
                let names = names.chain(BUILT_IN);
                let hint = match closest(name, names.clone()) {
                    Some(known) => format!("did you mean `{{{known}}}`?"),
                    None => format!("they are {}", names.collect::<Vec<_>>().join(", ")),
                };
                let message = format!("nothing is drawn by the name `{}`", shorten(name));
                self.problems.error_once(span.clone(), message).hint(hint);
                return Value::Broken;
            }
        };
        Value::String(Cow::Owned(text))
    }

    fn drawn(&mut self, raw: &RawDraw, drawn: &Drawn, span: &Span) -> Value<'static> {
        match *drawn {
            Drawn::Number(number) => Value::String(Cow::Owned(number.to_string())),
            Drawn::Choice(index) => match raw.of.value().and_then(|list| list.0.get(index)) {
                Some(at) => {
                    self.spend((at.span.end - at.span.start) as usize, span);
                    at.value.0.value.clone()
                }
                None => Value::Broken,
            },
            Drawn::Nothing => Value::Broken,
        }
    }

    fn spend(&mut self, size: usize, span: &Span) {
        if self.left > 0 && size >= self.left {
            let message =
                format!("the templates make more than {MAX_FILLED} bytes of transactions");
            self.problems.error(span.clone(), message).hint("fewer transactions, or shorter ones");
        }
        self.left = self.left.saturating_sub(size);
    }
}

/// What stands before the first placeholder, its name, and what stands behind it.
fn placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(open) = text[from..].find('{').map(|at| from + at) {
        let rest = &text[open + 1..];
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        if length > 0 && rest[length..].starts_with('}') {
            return Some((&text[..open], &rest[..length], &rest[length + 1..]));
        }
        from = open + 1;
    }
    None
}

fn mentions(node: &Node<'_>, what: &str) -> bool {
    match &node.value {
        Value::String(text) => text.contains(what),
        Value::Array(items) => items.iter().any(|item| mentions(item, what)),
        Value::Object(members) => members.iter().any(|member| mentions(&member.value, what)),
        _ => false,
    }
}
