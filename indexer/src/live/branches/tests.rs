//! The law of the view, against a model that sees the whole tree at once.

use proptest::{collection::vec, prelude::*, sample::Index};

use super::*;

/// A tree of blocks. Each but the first has a parent before it.
#[derive(Clone, Debug)]
struct Tree(Vec<Link>);

impl Tree {
    /// Each block is the child of one so many places before it.
    fn of(steps: &[usize]) -> Self {
        let mut links = vec![Link { id: BlockId { number: 0, hash: [0; 32] }, parent: [255; 32] }];
        for (place, step) in steps.iter().enumerate() {
            let parent = links[place.saturating_sub(*step)].id;
            let hash = [u8::try_from(place + 1).unwrap(); 32];
            let id = BlockId { number: parent.number + 1, hash };
            links.push(Link { id, parent: parent.hash });
        }
        Self(links)
    }

    fn link(&self, hash: Hash) -> Link {
        self.0[usize::from(hash[0])]
    }

    /// A block and all below it, the highest first.
    fn down(&self, from: BlockId) -> Vec<Link> {
        let mut links = vec![self.link(from.hash)];
        while let Some(last) = links.last().filter(|last| last.id.number > 0) {
            links.push(self.link(last.parent));
        }
        links
    }

    fn is_at_or_below(&self, id: BlockId, end: BlockId) -> bool {
        self.down(end).iter().any(|link| link.id == id)
    }
}

/// A chain with short branches, or two long chains side by side.
fn any_steps() -> impl Strategy<Value = Vec<usize>> {
    prop_oneof![
        vec(prop_oneof![4 => Just(0), 1 => 0..8_usize], 1..100),
        vec(prop_oneof![12 => Just(1), 1 => 0..3_usize], 1..100),
    ]
}

/// Word of a block.
#[derive(Clone, Debug)]
enum Notice {
    Best(Index),
    /// One that follows the final one, or that itself again.
    Final(Index),
    /// One that was final long before.
    Late(Index),
}

prop_compose! {
    fn any_notice()(kind in 0..5, which: Index) -> Notice {
        match kind {
            0 => Notice::Final(which),
            1 => Notice::Late(which),
            _ => Notice::Best(which),
        }
    }
}

/// What the chain says at one time.
struct Truth {
    tree: Tree,
    best: BlockId,
    finalized: BlockId,
}

impl Truth {
    fn tell(&mut self, notice: &Notice, branches: &mut Branches) {
        match notice {
            Notice::Best(which) => {
                let link = *which.get(&self.tree.0);
                self.best = link.id;
                branches.best(link);
            }
            Notice::Final(which) => {
                let follows = |link: &&Link| self.tree.is_at_or_below(self.finalized, link.id);
                let mut following: Vec<_> = self.tree.0.iter().filter(follows).collect();
                following.sort_by_key(|link| link.id.number);
                following.truncate(6);
                self.finalized = which.get(&following).id;
                branches.finalized(self.finalized);
            }
            Notice::Late(which) => {
                branches.finalized(which.get(&self.tree.down(self.finalized)).id);
            }
        }
    }

    /// The view as it has to be: gap and path.
    fn view(&self, most: usize) -> (u32, Vec<Link>) {
        let above = |link: &Link| link.id.number > self.finalized.number;
        let whole: Vec<_> = self.tree.down(self.best).into_iter().filter(above).collect();
        let mut path: Vec<_> = whole.iter().take(most).copied().collect();
        path.reverse();
        let gap = u32::try_from(whole.len() - path.len()).unwrap();
        // Of a path that is cut nobody sees where it begins.
        match gap > 0 || self.tree.is_at_or_below(self.finalized, self.best) {
            true => (gap, path),
            false => (0, Vec::new()),
        }
    }

    /// What of the path before was taken back, the highest first.
    fn retracted(&self, before: &[Link], path: &[Link]) -> Vec<BlockId> {
        let end = path.last().map_or(self.finalized, |link| link.id);
        let stays =
            |id| self.tree.is_at_or_below(id, self.finalized) || self.tree.is_at_or_below(id, end);
        before.iter().rev().map(|link| link.id).filter(|id| !stays(*id)).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    /// Word comes in any order, twice, late, and while headers are still being asked for.
    #[test]
    fn the_view_is_the_path_from_final_to_best_and_nothing_else_is_taken_back(
        steps in any_steps(),
        notices in vec((any_notice(), prop_oneof![Just(1_000_usize), 0..3_usize]), 1..60),
        most in prop_oneof![Just(100_usize), 1..12_usize],
    ) {
        let tree = Tree::of(&steps);
        let genesis = tree.0[0].id;
        let mut truth = Truth { tree, best: genesis, finalized: genesis };
        let mut branches = Branches::new(most);
        prop_assert_eq!(branches.settle(), Step::Waits);
        branches.finalized(genesis);
        let mut known: Option<(BlockId, u32, Vec<Link>)> = None;
        let mut heard = false;
        for (notice, patience) in &notices {
            heard |= matches!(notice, Notice::Best(_));
            truth.tell(notice, &mut branches);
            let mut asked = 0;
            let step = loop {
                match branches.settle() {
                    Step::Missing(hash) if asked < *patience => branches.learn(truth.tree.link(hash)),
                    step => break step,
                }
                asked += 1;
                prop_assert!(asked <= most * 4, "{} headers", asked);
            };
            let (gap, path) = truth.view(most);
            match step {
                Step::Waits => prop_assert!(!heard),
                Step::Missing(_) => prop_assert_eq!(asked, *patience),
                Step::Stays => {
                    let (last, below, before) = known.clone().unwrap();
                    prop_assert_eq!((last, below, before), (truth.finalized, gap, path));
                }
                Step::Moves(moved) => {
                    let before = known.take().map(|(_, _, path)| path);
                    prop_assert_eq!(&moved.path, &path);
                    prop_assert_eq!((moved.finalized, moved.gap), (truth.finalized, gap));
                    let leapt = before.as_ref().map(|before| before.last().is_some_and(|last| {
                        let end = path.last().map_or(0, |link| link.id.number);
                        let end = end.max(truth.finalized.number);
                        usize::try_from(end.saturating_sub(last.id.number)).unwrap() > most
                    }));
                    prop_assert_eq!(moved.anew, leapt.unwrap_or(true));
                    let retracted = truth.retracted(&before.unwrap_or_default(), &path);
                    prop_assert_eq!(moved.retracted, if moved.anew { Vec::new() } else { retracted });
                    known = Some((moved.finalized, moved.gap, moved.path));
                    prop_assert!(branches.links.len() <= most * 4);
                }
            }
        }
    }
}

/// A tree, its blocks by their places, and branches that know of block 0 alone.
fn story(steps: &[usize]) -> (Vec<Link>, Branches) {
    let mut branches = Branches::new(8);
    let links = Tree::of(steps).0;
    branches.finalized(links[0].id);
    (links, branches)
}

fn moved(branches: &mut Branches) -> Move {
    match branches.settle() {
        Step::Moves(moved) => moved,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_another_branch_takes_back_is_named_from_the_top() {
    // 0 ─ 1 ─ 2 ─ 3, and 1 ─ 4 ─ 5.
    let (links, mut branches) = story(&[0, 0, 0, 2, 0]);
    links[1..=3].iter().for_each(|link| assert!(branches.best(*link)));
    assert_eq!(moved(&mut branches).path, links[1..=3]);
    branches.best(links[5]);
    assert_eq!(branches.settle(), Step::Missing(links[4].id.hash));
    branches.learn(links[4]);
    let change = moved(&mut branches);
    assert_eq!(change.path, [links[1], links[4], links[5]]);
    assert_eq!(change.retracted, [links[3].id, links[2].id]);
    assert!(!change.anew);
    // What becomes final leaves it, and was not taken back.
    assert!(branches.finalized(links[4].id) && !branches.finalized(links[1].id));
    let change = moved(&mut branches);
    assert_eq!((change.path, change.retracted), (vec![links[5]], Vec::new()));
    assert_eq!(branches.settle(), Step::Stays);
}

#[test]
fn a_best_block_of_a_dead_branch_leaves_nothing_until_a_better_one_is_named() {
    // 1 and 2 both follow 0; 3 follows 2.
    let (links, mut branches) = story(&[0, 1, 0]);
    branches.best(links[1]);
    assert_eq!(moved(&mut branches).path, [links[1]]);
    branches.finalized(links[2].id);
    let change = moved(&mut branches);
    assert_eq!((change.path, change.retracted), (Vec::new(), vec![links[1].id]));
    branches.best(links[3]);
    assert_eq!(moved(&mut branches).path, [links[3]]);
}
