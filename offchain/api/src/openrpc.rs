//! The OpenRPC document, and the table of docs/api.md, from the table of methods.

use schemars::{generate::SchemaSettings, Schema, SchemaGenerator};
use serde_json::{json, Map, Value};

use crate::{
    refusal::{Code, RefusalData},
    table::{Effect, Method},
};

/// The OpenRPC 1.3 document of these methods.
pub fn document(methods: &[Method]) -> Value {
    let settings = SchemaSettings::draft07().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut generator = settings.into_generator();
    let methods: Vec<Value> = methods.iter().map(|row| method(row, &mut generator)).collect();
    let data = generator.subschema_for::<RefusalData<'_>>();
    let errors: Map<String, Value> = Code::ALL
        .iter()
        .map(|code| {
            let said = json!({ "code": code.number(), "message": code.meaning() });
            (code.name().to_owned(), said)
        })
        .collect();
    json!({
        "openrpc": "1.3.2",
        "info": {
            "title": "SmartLink API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "JSON-RPC 2.0 over HTTP and WebSocket. Parameters go by name. 64-bit ids and money are decimal strings, angles decimal degrees of WGS 84, times milliseconds of the Unix epoch.",
        },
        "methods": methods,
        "components": {
            "schemas": generator.take_definitions(true),
            "errors": errors,
        },
        "x-error-data": data,
    })
}

fn method(row: &Method, generator: &mut SchemaGenerator) -> Value {
    let params = params((row.params)(generator));
    let answer = (row.answer)(generator);
    let mut described = json!({
        "name": row.name,
        "summary": row.summary,
        "paramStructure": "by-name",
        "params": params,
        "result": { "name": "answer", "schema": answer },
        "x-access": row.access.words(),
        "x-changes": row.effect == Effect::Changes,
    });
    if let Some((notification, unsubscribe)) = row.pushes() {
        described["result"] = json!({ "name": "subscription", "schema": { "type": "integer" } });
        described["x-subscription"] =
            json!({ "notification": notification, "unsubscribe": unsubscribe, "pushes": answer });
    }
    described
}

/// The properties of the parameters' object, each as a content descriptor.
fn params(schema: Schema) -> Vec<Value> {
    let schema = schema.to_value();
    let required: Vec<&str> = schema["required"]
        .as_array()
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let Some(properties) = schema["properties"].as_object() else { return Vec::new() };
    let mut described: Vec<Value> = properties
        .iter()
        .map(|(name, schema)| {
            let required = required.contains(&name.as_str());
            json!({ "name": name, "required": required, "schema": schema })
        })
        .collect();
    // OpenRPC wants those that must be there first.
    described.sort_by_key(|param| {
        let optional = !param["required"].as_bool().unwrap_or(false);
        (optional, param["name"].as_str().unwrap_or_default().to_owned())
    });
    described
}

/// The methods and the errors as tables for docs/api.md.
pub fn method_table(methods: &[Method]) -> String {
    let mut lines = vec![
        "| Method | Who | Changes | What |".to_owned(),
        "| --- | --- | --- | --- |".to_owned(),
    ];
    for row in methods {
        let changes = if row.effect == Effect::Changes { "yes" } else { "" };
        let pushes = row.pushes().map(|(notification, unsubscribe)| {
            format!(" Pushes `{notification}`, ends by `{unsubscribe}`.")
        });
        lines.push(format!(
            "| `{}` | {} | {changes} | {}{} |",
            row.name,
            row.access.words(),
            row.summary,
            pushes.unwrap_or_default()
        ));
    }
    lines.push(String::new());
    lines.push("| Code | Name | When | What to do |".to_owned());
    lines.push("| --- | --- | --- | --- |".to_owned());
    for code in Code::ALL {
        lines.push(format!(
            "| {} | `{}` | {} | {} |",
            code.number(),
            code.name(),
            code.meaning(),
            code.remedy()
        ));
    }
    lines.join("\n")
}
