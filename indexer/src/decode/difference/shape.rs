//! Types as a graph. Two are the same when no way through their parts tells them apart.
//!
//! That is found by dividing all of them into classes: first by what each says itself, then again and again by the
//! classes of its parts, until nothing is divided any more. Types that contain themselves need no care, and nothing
//! recurses without a limit.

use std::{collections::HashMap, hash::Hash};

/// How often classes are divided at most. Types that are the same so many levels deep are taken for the same.
const ROUNDS: usize = 1_024;
/// How many steps lead to the place where two types part, at most. What is deeper is said of the last step.
const STEPS: usize = 64;
/// How many levels of a type are described.
const LEVELS: u32 = 3;
/// Parts, and names of variants, that a description has at most.
const LISTED: usize = 16;

/// A type, or something that is declared with types, in the graph.
pub type Node = usize;

/// What a node says itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// Its name says all.
    Named,
    /// Parts, with names or without.
    Composed,
    /// One of several: index, name and number of parts.
    Variants(Vec<(u8, String, usize)>),
    /// Any number of its part.
    List,
    /// So many of its part.
    Array(u32),
    /// Its part, in the compact form.
    Compact,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Own {
    name: String,
    form: Form,
    labels: Vec<String>,
}

/// A graph of types.
#[derive(Debug, Default)]
pub struct Shapes {
    own: Vec<Own>,
    parts: Vec<Vec<Node>>,
    classes: Vec<usize>,
}

impl Shapes {
    /// Adds a node. Its parts may come later.
    pub fn add(&mut self, name: &str, form: Form, parts: Vec<(String, Node)>) -> Node {
        let (labels, parts) = parts.into_iter().unzip();
        self.own.push(Own { name: name.to_owned(), form, labels });
        self.parts.push(parts);
        self.own.len() - 1
    }

    /// The node that is added next.
    pub fn next(&self) -> Node {
        self.own.len()
    }

    /// Divides the nodes into classes. All parts must be there.
    pub fn settle(&mut self) {
        let (mut classes, mut count) = numbered(self.own.iter());
        for _ in 0..ROUNDS {
            let signs = self.parts.iter().zip(&classes).map(|(parts, own)| {
                (*own, parts.iter().map(|part| classes[*part]).collect::<Vec<_>>())
            });
            let (divided, now) = numbered(signs);
            classes = divided;
            if now == count {
                break;
            }
            count = now;
        }
        self.classes = classes;
    }

    /// Whether two nodes are the same.
    pub fn same(&self, a: Node, b: Node) -> bool {
        self.classes[a] == self.classes[b]
    }

    /// The place where two nodes part, with what the one has there and what the other.
    pub fn parting(&self, mut a: Node, mut b: Node) -> (String, String) {
        let mut way = Vec::new();
        while self.own[a] == self.own[b] && way.len() < STEPS {
            let both = self.parts[a].iter().zip(&self.parts[b]);
            let mut labelled = both.zip(&self.own[a].labels);
            let Some(((to_a, to_b), label)) = labelled.find(|((a, b), _)| !self.same(**a, **b))
            else {
                break;
            };
            way.push(label.as_str());
            (a, b) = (*to_a, *to_b);
        }
        way.retain(|label| !label.is_empty());
        let place = |text: String| match way.is_empty() {
            true => text,
            false => format!("{}: {text}", way.join(".")),
        };
        match (&self.own[a].form, &self.own[b].form) {
            // Of a long list, what the other has not.
            (Form::Variants(own), Form::Variants(other)) if own != other => {
                let only = |node: Node,
                            list: &[(u8, String, usize)],
                            other: &[(u8, String, usize)]| {
                    let only = list.iter().filter(|variant| !other.contains(variant));
                    let only = only.map(|(index, name, _)| format!("{name} = {index}"));
                    place(format!("{} with {}", self.own[node].name, listed(only, "nothing else")))
                };
                (only(a, own, other), only(b, other, own))
            }
            _ => (place(self.describe(a)), place(self.describe(b))),
        }
    }

    /// A node in words, some levels deep.
    pub fn describe(&self, node: Node) -> String {
        self.described(node, LEVELS)
    }

    fn described(&self, node: Node, levels: u32) -> String {
        let Own { name, form, labels } = &self.own[node];
        let Some(below) = levels.checked_sub(1) else {
            return match (name.is_empty(), form) {
                (true, _) => "…".to_owned(),
                _ => name.clone(),
            };
        };
        let part = |place: usize| match self.parts[node].get(place) {
            Some(part) => self.described(*part, below),
            None => "?".to_owned(),
        };
        match form {
            Form::Named => name.clone(),
            Form::List => format!("[{}]", part(0)),
            Form::Array(length) => format!("[{}; {length}]", part(0)),
            Form::Compact => format!("compact {}", part(0)),
            Form::Variants(variants) => {
                let names = variants.iter().map(|(_, name, _)| name.clone());
                format!("{name} = {}", listed(names, "nothing"))
            }
            Form::Composed => {
                let parts = labels.iter().enumerate().take(LISTED + 1).map(|(place, label)| {
                    match label.is_empty() {
                        true => part(place),
                        false => format!("{label}: {}", part(place)),
                    }
                });
                format!("{name}({})", listed(parts, ""))
            }
        }
    }
}

/// The items of a list in words, and whether there are more.
fn listed(items: impl Iterator<Item = String>, none: &str) -> String {
    let mut items: Vec<String> = items.take(LISTED + 1).collect();
    if items.is_empty() {
        return none.to_owned();
    }
    if let Some(more) = items.get_mut(LISTED) {
        *more = "…".to_owned();
    }
    items.join(", ")
}

/// The numbers of things, equal ones the same, and how many numbers there are.
fn numbered<T: Hash + Eq>(things: impl Iterator<Item = T>) -> (Vec<usize>, usize) {
    let mut numbers = HashMap::new();
    let each = things.map(|thing| {
        let next = numbers.len();
        *numbers.entry(thing).or_insert(next)
    });
    let each = each.collect();
    (each, numbers.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list_of(shapes: &mut Shapes, of: &str) -> Node {
        // A list of nodes that hold a value and the list itself.
        let next = shapes.next();
        shapes.add("", Form::List, vec![(String::new(), next + 1)]);
        let parts = vec![("value".to_owned(), next + 2), ("rest".to_owned(), next)];
        shapes.add("Node", Form::Composed, parts);
        shapes.add(of, Form::Named, Vec::new());
        next
    }

    #[test]
    fn types_that_contain_themselves_are_compared() {
        let mut shapes = Shapes::default();
        let [a, b, c] = ["u32", "u32", "u64"].map(|of| list_of(&mut shapes, of));
        shapes.settle();
        assert!(shapes.same(a, b) && !shapes.same(a, c));
        assert_eq!(shapes.parting(a, c), ("value: u32".to_owned(), "value: u64".to_owned()));
        assert_eq!(shapes.describe(a), "[Node(value: u32, rest: [Node])]");
    }

    #[test]
    fn a_long_chain_ends_at_the_limit() {
        let mut shapes = Shapes::default();
        let mut chain = |length: usize, end: &str| {
            let mut node = shapes.add(end, Form::Named, Vec::new());
            for _ in 0..length {
                node = shapes.add("", Form::Compact, vec![(String::new(), node)]);
            }
            node
        };
        let deep = [chain(900, "u8"), chain(900, "u16")];
        let deeper = [chain(1_500, "u8"), chain(1_500, "u16")];
        shapes.settle();
        assert!(!shapes.same(deep[0], deep[1]));
        assert!(shapes.same(deeper[0], deeper[1]));
    }
}
