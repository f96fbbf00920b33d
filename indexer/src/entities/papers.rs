//! Papers that applicants show. They stay when their application ends, however it does: a company answers for what it
//! attested.

use crate::domain::{Column, Entity, Fact, Kind, Origin, Patch, Unread, Value};

pub const PAPERS: Entity = Entity {
    name: "papers",
    about: "Papers of applications, by their hashes, and who attested each last. The id is application-place.",
    columns: &[
        Column::new("application", Kind::U32).optional().indexed().refers("applications"),
        // Its place in the application, from 0 on.
        Column::new("place", Kind::U32).optional(),
        Column::new("kind", Kind::Name).optional(),
        Column::new("hash", Kind::Hash).optional().indexed(),
        // The company that answers for it, and who attested it in the company's name.
        Column::new("company", Kind::U32).optional().indexed().refers("companies"),
        Column::new("attested_by", Kind::Account).optional(),
    ],
    facts: &[
        (Origin::Event, "Consortium", "Applied"),
        (Origin::Event, "Consortium", "PaperAttested"),
    ],
    once: false,
    read,
};

fn read(fact: &Fact<'_>) -> Result<Vec<Patch>, Unread> {
    if fact.name == "PaperAttested" {
        let patch = of(fact, fact.u32("index")?)?.copy(&PAPERS, fact, &["company"])?;
        return Ok(vec![patch.rename(&PAPERS, fact, "attested_by", fact.field("by")?)?]);
    }
    let Value::List(papers) = fact.field("papers")? else {
        return Err(fact.unread("its papers are no list"));
    };
    let shown = (0..).zip(papers);
    let shown = shown.map(|(place, paper)| {
        of(fact, place)?.copy(&PAPERS, &fact.seen_as(paper), &["kind", "hash"])
    });
    shown.collect()
}

fn of(fact: &Fact<'_>, place: u32) -> Result<Patch, Unread> {
    let id = format!("{}-{place}", fact.u32("application")?);
    Ok(Patch::of(id).copy(&PAPERS, fact, &["application"])?.set("place", place))
}
