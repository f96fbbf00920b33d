//! What platform and driver say to each other: texts, menus, questions, calls.

use crate::{
    fields::{body, List, ListRest, OptionalList, Plain, Prefixed, Rest, Since2019},
    text::Text,
};

body! {
    /// Text for the driver.
    TextMessage {
        /// Bits before 2019: 0 urgent, 2 show on the terminal, 3 speak, 4 show on the advertising screen, 5 a
        /// trouble code, no navigation. Since 2019 bits 0 and 1: 1 service, 2 urgent, 3 notice; 2, 3, 5 as
        /// before.
        flags: u8,
        /// Since 2019: 1 a notice, 2 a service.
        kind: Option<u8> as Since2019(Plain),
        /// Up to 1024 bytes.
        text: Text as Rest,
    }
}

body! {
    /// An event that the driver may report.
    MenuEvent {
        /// What the report names.
        id: u8,
        /// What the driver sees.
        text: Text as Prefixed::<1>,
    }
}

body! {
    /// The events that the driver may report.
    EventMenu {
        /// 0: delete all, 1: replace all, 2: add, 3: change, 4: delete some.
        operation: u8,
        /// None when all are deleted.
        events: Vec<MenuEvent> as OptionalList(List::<1>),
    }
}

body! {
    /// The driver reports an event.
    EventReport {
        /// Of the menu.
        event: u8,
    }
}

body! {
    /// What the driver may answer.
    AnswerChoice {
        /// What the answer names.
        id: u8,
        /// What the driver sees.
        text: Text as Prefixed::<2>,
    }
}

body! {
    /// A question for the driver.
    Question {
        /// Bits: 0 urgent, 3 speak, 4 show on the advertising screen.
        flags: u8,
        /// What is asked.
        text: Text as Prefixed::<1>,
        /// What may be answered.
        answers: Vec<AnswerChoice> as ListRest,
    }
}

body! {
    /// The driver answers.
    QuestionAnswer {
        /// The serial of the question.
        serial: u16,
        /// Of the choices.
        answer: u8,
    }
}

body! {
    /// Information that can be ordered.
    InformationEntry {
        /// What the order names.
        kind: u8,
        /// What the driver sees.
        name: Text as Prefixed::<2>,
    }
}

body! {
    /// The information that can be ordered.
    InformationMenu {
        /// 0: delete all, 1: replace all, 2: add, 3: change.
        operation: u8,
        /// None when all are deleted.
        entries: Vec<InformationEntry> as OptionalList(List::<1>),
    }
}

body! {
    /// The driver orders or cancels information.
    InformationOrder {
        /// Of the menu.
        kind: u8,
        /// 0: cancels, 1: orders.
        action: u8,
    }
}

body! {
    /// Information that was ordered.
    Information {
        /// Of the menu.
        kind: u8,
        /// News, weather.
        text: Text as Prefixed::<2>,
    }
}

body! {
    /// The terminal shall call.
    CallBack {
        /// 0: a call, 1: listening in.
        kind: u8,
        /// Up to 20 digits.
        phone: Text as Rest,
    }
}

body! {
    /// An entry of the phone book.
    Contact {
        /// 1: may call in, 2: may be called, 3: both.
        flags: u8,
        /// The number.
        phone: Text as Prefixed::<1>,
        /// Who it is.
        name: Text as Prefixed::<1>,
    }
}

body! {
    /// The phone book.
    PhoneBook {
        /// 0: delete all, 1: replace all, 2: add, 3: change.
        operation: u8,
        /// None when all are deleted.
        contacts: Vec<Contact> as OptionalList(List::<1>),
    }
}
