//! Orders and drivers of the toy.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Mutex,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde_json::{json, Value};

/// A promise that the toy breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    None,
    LosesAnOrder,
    AcceptsLate,
    TwoDrivers,
    TwoPrices,
    LeaksCode,
    AnyCode,
    TwoAnswers,
    TakesLateQuotes,
    Reopens,
    /// Every third request is shed.
    Sheds,
}

/// The name of a refusal, and when to come again.
#[derive(Clone, Debug)]
pub struct Refused(pub &'static str, pub Option<u64>);

type Answer = Result<Value, Refused>;

#[derive(Clone, Debug, Default)]
struct Order {
    rider: String,
    places: (Value, Value),
    state: &'static str,
    revision: u64,
    valid_until: u64,
    attempt: u32,
    driver: u32,
    /// With the fault: another driver who was offered the same.
    shadow: u32,
    expires: u64,
    excluded: Vec<u32>,
    fare: u64,
    by: &'static str,
}

#[derive(Clone, Debug, Default)]
struct Driver {
    on_duty: bool,
    order: u64,
    offered: u64,
}

#[derive(Debug, Default)]
struct Inside {
    orders: BTreeMap<u64, Order>,
    drivers: BTreeMap<u32, Driver>,
    names: HashMap<String, u32>,
    /// Answers by caller and key.
    answers: HashMap<(String, String), Answer>,
    calls: u64,
    repeated: u64,
    late: u64,
    lost: bool,
}

pub struct City {
    fault: Fault,
    quote_ms: u64,
    offer_ms: u64,
    inside: Mutex<Inside>,
}

const CODE: &str = "4711";

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as u64
}

fn refuse(name: &'static str) -> Answer {
    Err(Refused(name, None))
}

impl City {
    pub fn new(fault: Fault) -> Self {
        Self { fault, quote_ms: 60_000, offer_ms: 400, inside: Mutex::default() }
    }

    pub fn quotes_for(mut self, ms: u64) -> Self {
        self.quote_ms = ms;
        self
    }

    /// How many commands came again with their key, and how many acceptances came late.
    pub fn repeated_and_late(&self) -> (u64, u64) {
        let inside = self.inside.lock().unwrap();
        (inside.repeated, inside.late)
    }

    /// States of all orders that were placed.
    pub fn states(&self) -> Vec<&'static str> {
        let inside = self.inside.lock().unwrap();
        inside.orders.values().map(|order| order.state).filter(|state| *state != "quoted").collect()
    }

    /// Once so many calls came, lets nobody in for a time.
    pub fn stall_after(&self, calls: u64, time: Duration) {
        loop {
            let inside = self.inside.lock().unwrap();
            if inside.calls >= calls {
                return std::thread::sleep(time);
            }
            drop(inside);
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    pub fn call(&self, method: &'static str, who: &str, params: &Value) -> Answer {
        let mut inside = self.inside.lock().unwrap();
        inside.calls += 1;
        if self.fault == Fault::Sheds && inside.calls.is_multiple_of(3) {
            return Err(Refused("overloaded", Some(5)));
        }
        inside.tick(self);
        if method.starts_with("auth_") {
            return inside.log_in(method, params);
        }
        if who.is_empty() {
            return refuse("unauthenticated");
        }
        let Some(key) = params["idempotency_key"].as_str() else {
            return inside.read(self, method, who, params);
        };
        assert!((1..=40).contains(&key.len()), "a key has up to 40 characters: {key}");
        let kept = (who.to_owned(), key.to_owned());
        if let Some(answer) = inside.answers.get(&kept).cloned() {
            inside.repeated += 1;
            let another = self.fault == Fault::TwoAnswers && who.starts_with("rider");
            return if another { refuse("wrong_state") } else { answer };
        }
        let answer = inside.command(self, method, who, params);
        inside.answers.insert(kept, answer.clone());
        inside.tick(self);
        answer
    }

    /// What a subscription of the caller shows now.
    pub fn pushes(&self, who: &str, params: &Value) -> Vec<Value> {
        let mut inside = self.inside.lock().unwrap();
        inside.tick(self);
        let wrap = |order: Value| json!({ "kind": "order", "order": order });
        if let Some(id) = params["order"].as_str().and_then(|id| id.parse().ok()) {
            return inside
                .orders
                .get(&id)
                .map(|order| wrap(self.view(id, order, who)))
                .into_iter()
                .collect();
        }
        let me = number(who);
        let mine =
            inside.orders.iter().filter(|(_, order)| order.driver == me || order.shadow == me);
        let mine = mine.filter(|(_, order)| !["searching", "quoted"].contains(&order.state));
        mine.map(|(id, order)| wrap(self.view(*id, order, who))).collect()
    }

    fn view(&self, id: u64, order: &Order, who: &str) -> Value {
        let (rider, shadow) =
            (who.starts_with("rider"), order.shadow != 0 && order.shadow == number(who));
        let over = matches!(order.state, "completed" | "settled");
        let state = match (shadow, order.state) {
            (true, "accepted") => "offered",
            (_, state) => state,
        };
        let mut view = json!({
            "id": id.to_string(), "state": state, "revision": order.revision.to_string(),
            "origin": order.places.0, "destination": order.places.1,
            "quote": { "valid_until_ms": order.valid_until, "cap": order.fare.to_string() },
        });
        if order.driver != 0 && !(rider && state == "offered") {
            let driver = if shadow { order.shadow } else { order.driver };
            let attempt = order.attempt + u32::from(shadow);
            view["offer"] =
                json!({ "attempt": attempt, "driver": driver, "expires_at_ms": order.expires });
        }
        if rider || self.fault == Fault::LeaksCode {
            view["start_code"] = json!(CODE);
        }
        if over {
            let more = u64::from(self.fault == Fault::TwoPrices && !rider);
            view["receipt"] =
                json!({ "fare": (order.fare + more).to_string(), "tolls": "0", "waiting_s": 0 });
        }
        if order.state == "cancelled" {
            view["cancellation"] = json!({ "by": order.by, "fee": "0" });
        }
        view
    }
}

fn number(who: &str) -> u32 {
    who.rsplit('-').next().and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

impl Inside {
    /// Lets offers lapse and makes new ones.
    fn tick(&mut self, city: &City) {
        let now = now();
        for order in self.orders.values_mut() {
            if order.state == "offered" && now > order.expires {
                order.excluded.push(order.driver);
                self.drivers.entry(order.driver).or_default().offered = 0;
                (order.state, order.revision) = ("searching", order.revision + 1);
                if city.fault != Fault::AcceptsLate {
                    order.driver = 0;
                }
            }
            let free = |(id, driver): &(&u32, &mut Driver)| {
                driver.on_duty
                    && driver.order == 0
                    && driver.offered == 0
                    && !order.excluded.contains(*id)
            };
            if order.state == "searching" {
                if let Some((id, driver)) = self.drivers.iter_mut().find(free) {
                    order.driver = *id;
                    driver.offered = order.revision.max(1);
                    (order.state, order.expires) = ("offered", now + city.offer_ms);
                    (order.attempt, order.revision) = (order.attempt + 1, order.revision + 1);
                }
            }
        }
        // `offered` names the order.
        for driver in self.drivers.values_mut() {
            driver.offered = 0;
        }
        for (id, order) in &self.orders {
            if order.state == "offered" {
                self.drivers.entry(order.driver).or_default().offered = *id;
            } else if order.shadow != 0 && order.state == "accepted" {
                self.drivers.entry(order.shadow).or_default().offered = *id;
            }
        }
    }

    fn log_in(&mut self, method: &str, params: &Value) -> Answer {
        let (kind, name) = match method {
            "auth_challenge" => {
                return Ok(json!({ "challenge": "sign this", "expires_at_ms": now() + 1_000 }))
            }
            "auth_login" => {
                assert_eq!(params["challenge"], "sign this");
                assert_eq!(params["signature"].as_str().map(str::len), Some(130));
                ("driver", params["account"].to_string())
            }
            "auth_register" | "auth_password" => ("rider", params["name"].to_string()),
            _ => return refuse("refresh_unknown"),
        };
        let known = u32::try_from(self.names.len()).unwrap() + 1;
        let number = *self.names.entry(name).or_insert(known);
        // Short enough that it is renewed on the way.
        let whoami = json!({ "expires_at_ms": now() + 3_000 });
        let token = format!("{kind}-{number}");
        Ok(json!({ "access_token": token, "refresh_token": "once", "whoami": whoami }))
    }

    fn read(&mut self, city: &City, method: &str, who: &str, params: &Value) -> Answer {
        let state = |driver: Option<&Driver>| {
            let driver = driver.cloned().unwrap_or_default();
            let id = |order: u64| (order != 0).then(|| order.to_string());
            json!({ "driver": {
                "id": number(who), "on_duty": driver.on_duty,
                "order": id(driver.order), "offered": id(driver.offered),
            }})
        };
        match method {
            "driver_state" => Ok(state(self.drivers.get(&number(who)))),
            "driver_report" => Ok(json!({ "taken": 1 })),
            "inbox_list" => Ok(json!({ "messages": [], "unread": 0 })),
            _ => {
                let id = params["order"].as_str().and_then(|id| id.parse().ok()).unwrap_or(0);
                let order = self.orders.get(&id).ok_or(Refused("no_such_order", None))?;
                let me = number(who);
                let mine = if who.starts_with("rider") {
                    order.rider == who
                } else {
                    order.driver == me || order.shadow == me
                };
                if mine {
                    Ok(city.view(id, order, who))
                } else {
                    refuse("no_such_order")
                }
            }
        }
    }

    fn quote(&mut self, city: &City, who: &str, params: &Value) -> Answer {
        let id = self.orders.last_key_value().map_or(1, |(last, _)| last + 1);
        let order = Order {
            rider: who.to_owned(),
            places: (params["origin"].clone(), params["destination"].clone()),
            state: "quoted",
            revision: 1,
            valid_until: now() + city.quote_ms,
            fare: 12_000_000 + id,
            ..Order::default()
        };
        let view = city.view(id, &order, who);
        self.orders.insert(id, order);
        Ok(view)
    }

    fn command(&mut self, city: &City, method: &'static str, who: &str, params: &Value) -> Answer {
        let me = number(who);
        match method {
            "rider_quote" => return self.quote(city, who, params),
            "driver_on_duty" | "driver_off_duty" => {
                let driver = self.drivers.entry(me).or_default();
                if driver.order != 0 {
                    return refuse("driver_busy");
                }
                driver.on_duty = method == "driver_on_duty";
                return Ok(json!({ "id": me, "on_duty": driver.on_duty }));
            }
            _ => {}
        }
        let id: u64 = params["order"].as_str().and_then(|id| id.parse().ok()).unwrap_or(0);
        let Some(mut order) = self.orders.get(&id).cloned() else {
            return refuse("no_such_order");
        };
        self.step(city, method, (me, id), &mut order, params)?;
        order.revision += 1;
        let view = city.view(id, &order, who);
        if city.fault == Fault::LosesAnOrder && order.state == "accepted" && !self.lost {
            self.lost = true;
            self.orders.remove(&id);
            return Ok(view);
        }
        self.orders.insert(id, order);
        Ok(view)
    }

    /// The table of what leads from which to which.
    fn step(
        &mut self,
        city: &City,
        method: &'static str,
        (me, id): (u32, u64),
        order: &mut Order,
        params: &Value,
    ) -> Result<(), Refused> {
        let wrong = Err(Refused("wrong_state", None));
        let (mine, now) = (order.driver == me || order.shadow == me, now());
        let driven = ["accepted", "arriving", "arrived"].contains(&order.state);
        match method {
            "rider_place" if order.state == "quoted" => {
                if now > order.valid_until && city.fault != Fault::TakesLateQuotes {
                    return Err(Refused("quote_over", None));
                }
                order.state = "searching";
            }
            "rider_cancel" if driven || ["searching", "offered"].contains(&order.state) => {
                (order.state, order.by) = ("cancelled", "rider");
                self.free(order);
            }
            "driver_no_show" if order.state == "arrived" && mine => {
                (order.state, order.by) = ("cancelled", "driver");
                self.free(order);
            }
            "driver_accept" => self.accept(city, (me, id), order, now)?,
            "driver_decline" if order.state == "offered" && mine => {
                order.excluded.push(me);
                (order.state, order.driver) = ("searching", 0);
            }
            "driver_set_off" if order.state == "accepted" && mine => order.state = "arriving",
            "driver_arrive" if order.state == "arriving" && mine => order.state = "arrived",
            "driver_pick_up" if order.state == "arrived" && mine => {
                if params["start_code"] != CODE && city.fault != Fault::AnyCode {
                    return Err(Refused("wrong_code", None));
                }
                order.state = "picked_up";
            }
            "driver_start" if order.state == "picked_up" && mine => order.state = "in_trip",
            "driver_complete" if order.state == "in_trip" && mine => {
                order.state = "completed";
                self.free(order);
            }
            "driver_abandon" if driven && mine => {
                self.free(order);
                order.excluded.push(me);
                (order.state, order.driver) = ("searching", 0);
            }
            "rider_rate" | "driver_rate" if order.state == "completed" => {
                if city.fault == Fault::Reopens {
                    order.state = "in_trip";
                }
            }
            _ => return wrong,
        }
        Ok(())
    }

    fn accept(
        &mut self,
        city: &City,
        (me, id): (u32, u64),
        order: &mut Order,
        now: u64,
    ) -> Result<(), Refused> {
        let gone = Err(Refused("offer_gone", None));
        if order.shadow == me && order.state == "accepted" {
            // With the fault the second one hears that it is hers as well.
            (order.driver, order.shadow) = (me, 0);
            self.drivers.entry(me).or_default().order = id;
            return Ok(());
        }
        let lapsed = order.excluded.contains(&me) || now > order.expires;
        if lapsed {
            self.late += 1;
            let wanted = ["searching", "offered"].contains(&order.state);
            if city.fault != Fault::AcceptsLate || !wanted {
                return gone;
            }
            order.driver = me;
        } else if order.state != "offered" || order.driver != me {
            return gone;
        }
        order.state = "accepted";
        self.drivers.entry(me).or_default().order = id;
        if city.fault == Fault::TwoDrivers {
            let other =
                self.drivers.iter().find(|(driver, known)| **driver != me && known.order == 0);
            order.shadow = other.map_or(0, |(driver, _)| *driver);
            order.expires = now + city.offer_ms;
        }
        Ok(())
    }

    fn free(&mut self, order: &mut Order) {
        for driver in [order.driver, std::mem::take(&mut order.shadow)] {
            if let Some(driver) = self.drivers.get_mut(&driver) {
                driver.order = 0;
            }
        }
    }
}
