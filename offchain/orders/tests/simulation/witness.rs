//! Remembers what the service has told anybody, and holds it to that.

use super::{figures::Figures, network::Reply, service::Service};
use crate::city::audit;
use smartlink_orders::{command::Ask, Answer, Command, Order, Refusal, State};
use std::collections::{BTreeMap, HashMap};

#[derive(Default)]
pub struct Witness {
    /// The first answer to every key, in the order in which they came.
    told: HashMap<u64, (Command, Result<Answer, Refusal>)>,
    keys: Vec<u64>,
    /// How far an order had come when somebody was told.
    reached: BTreeMap<u64, u64>,
}

impl Witness {
    /// Somebody is told.
    pub fn hear(&mut self, reply: &Reply, service: &Service) -> Result<(), String> {
        if let Ok(Answer::Order(id)) = reply.answer {
            let reached = self.reached.entry(id).or_default();
            *reached = reply.revision.max(*reached);
        }
        let key = reply.command.key;
        if key == 0 {
            return Ok(());
        }
        if let Some((command, first)) = self.told.get(&key) {
            if reply.forgotten {
                // It was decided anew, and that is what counts from now on.
                self.told.insert(key, (reply.command.clone(), reply.answer));
                return Ok(());
            }
            if *first == reply.answer || may_differ(command, *first, service) {
                return Ok(());
            }
            return Err(format!("{command:?} was answered {first:?}, and then {:?}", reply.answer));
        }
        self.told.insert(key, (reply.command.clone(), reply.answer));
        self.keys.push(key);
        Ok(())
    }

    /// Nothing that anybody was told about an order is lost.
    pub fn nothing_is_lost(&self, service: &Service) -> Result<(), String> {
        let Some(engine) = service.engine() else { return Ok(()) };
        for (id, reached) in &self.reached {
            let revision = match engine.order(*id) {
                Some(order) => order.revision,
                // A quote that ran out may go without a trace.
                None if *reached < 2 => continue,
                None => {
                    let history = service.left(*id);
                    let history = history.ok_or(format!("order {id} is lost"))?;
                    Order::restore(*id, &history).map_err(|error| error.to_string())?.revision
                }
            };
            if revision < *reached {
                return Err(format!("order {id} fell back from {reached} to {revision}"));
            }
        }
        Ok(())
    }

    /// Everything that was ever answered, for asking it again.
    pub fn answered(&self) -> impl Iterator<Item = &(Command, Result<Answer, Refusal>)> {
        self.keys.iter().filter_map(|key| self.told.get(key))
    }

    /// An answer to look for among those that came again.
    pub fn some(&self, at: usize) -> Option<&Command> {
        let key = self.keys.get(at % self.keys.len().max(1))?;
        self.told.get(key).map(|(command, _)| command)
    }

    /// At the end every order that anybody was told of is over, its history follows the table, and its
    /// receipt is what the chain charged.
    pub fn every_order_is_settled(
        &self,
        service: &Service,
        charged: &BTreeMap<u64, (u64, u64)>,
        figures: &mut Figures,
    ) -> Result<(), String> {
        let engine = service.engine().ok_or("the service is down")?;
        for (id, reached) in &self.reached {
            let Some(history) = service.left(*id) else {
                if *reached < 2 && engine.order(*id).is_none() {
                    continue;
                }
                return Err(format!("order {id} is not over"));
            };
            let order = Order::restore(*id, &history).map_err(|error| error.to_string())?;
            audit::walk(&order)?;
            audit::receipt_is_the_chains(&order, engine.schedule())?;
            let receipt = order.receipt.map(|receipt| receipt.fare + receipt.tolls);
            let paid = charged.get(id).map(|(_, total)| *total);
            if receipt != paid {
                return Err(format!("order {id} cost {receipt:?}, the chain charged {paid:?}"));
            }
            count(&order, figures)?;
        }
        Ok(())
    }
}

/// What the document exempts from being the same for ever.
fn may_differ(command: &Command, first: Result<Answer, Refusal>, service: &Service) -> bool {
    let here = |id| service.engine().is_some_and(|engine| engine.order(id).is_some());
    match (&command.ask, first) {
        (_, Err(Refusal::NoSuchOrder)) => true,
        (Ask::Quote(_), Err(Refusal::Full | Refusal::NoTariff | Refusal::Clock)) => true,
        (Ask::OnDuty { .. }, Err(Refusal::Full)) => true,
        (Ask::OffDuty { .. }, Err(Refusal::NoSuchDriver)) => true,
        // A quote is remembered while it, or its order, is in the engine.
        (Ask::Quote(_), Ok(Answer::Order(id))) => !here(id),
        _ => false,
    }
}

fn count(order: &Order, figures: &mut Figures) -> Result<(), String> {
    use smartlink_orders::OrderEvent::*;
    match order.state {
        State::Settled => figures.trips_completed += 1,
        State::Cancelled => figures.fees += u64::from(order.receipt.is_some()),
        State::Expired => figures.orders_expired += 1,
        state => return Err(format!("order {} ends {state}", order.id)),
    }
    let entries = order.entries().map_err(|error| error.to_string())?;
    for entry in entries {
        match entry.event {
            Placed { booked: true, .. } => figures.booked_rides += 1,
            Offered { forward: true, .. } => figures.next_orders += 1,
            Lapsed => figures.offers_lapsed += 1,
            Abandoned => figures.orders_given_back += 1,
            _ => {}
        }
    }
    Ok(())
}
