//! The plan as it is laid out in a plan file. Each structure mirrors its namesake in `plan::change`;
//! a field that is added there fails to compile here until it is kept.

use crate::diag::{Diagnostic, ReferencedValue, Severity, SourceFile, Span};
use crate::plan::basis::Basis;
use crate::plan::change::*;
use crate::plan::exposure::Exposure;
use crate::plan::service_impact::ServiceImpact;
use crate::schema::Attrs;
use crate::value::address::{Address, parse_instance};
use crate::value::codec::Seal;
use crate::value::{Name, Value, codec};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Why a document is not a plan.
pub enum Problem {
    /// It is not what was written.
    Damaged(String),
    /// The key does not fit.
    Sealed(codec::Locked),
}

#[derive(Serialize, Deserialize)]
pub struct PlanDocument {
    meta: Meta,
    changes: Vec<ChangeDocument>,
    steps: Vec<Step>,
    undo: Vec<Undo>,
    drift: Vec<DriftDocument>,
    outputs: Vec<Output>,
    #[serde(default)]
    reread: RereadDocument,
    answers: BTreeMap<String, Json>,
    sick: BTreeMap<String, Vec<String>>,
    promise: ServiceImpact,
    #[serde(default, skip_serializing_if = "Exposure::is_empty")]
    exposure: Exposure,
    warnings: Vec<Warning>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    violations: Vec<Warning>,
}

#[derive(Serialize, Deserialize)]
struct Meta {
    layout: String,
    #[serde(default)]
    dir: String,
    basis: Basis,
    lineage: String,
    serial: u64,
    #[serde(default)]
    of_terraform: bool,
    variables: BTreeMap<String, Json>,
    created: String,
    destroy: bool,
    refreshed: bool,
    replace: Vec<String>,
    allow_downtime: Vec<String>,
    #[serde(default)]
    refresh_only: bool,
    #[serde(default)]
    partial: bool,
}

#[derive(Serialize, Deserialize)]
struct ChangeDocument {
    address: String,
    moved_from: Option<String>,
    deposed: Option<String>,
    provider: String,
    region: String,
    action: Action,
    reason: Option<Reason>,
    id: Option<String>,
    importing: Option<String>,
    stored: Option<Json>,
    before: Option<Json>,
    after: Option<Json>,
    attributes: Vec<AttributeChange>,
    depends_on: Vec<String>,
    create_before_destroy: bool,
}

#[derive(Serialize, Deserialize)]
struct DriftDocument {
    address: String,
    stored: Json,
    live: Option<Json>,
    attributes: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Output {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    before: Option<Json>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    after: Option<Json>,
}

#[derive(Default, Serialize, Deserialize)]
struct RereadDocument {
    objects: Vec<(String, Vec<String>)>,
    outputs: Vec<String>,
}

/// A value that is given, null too: only a field that is absent is none.
fn given<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(from).map(Some)
}

#[derive(Serialize, Deserialize)]
struct Warning {
    error: bool,
    #[serde(default)]
    code: String,
    summary: String,
    detail: String,
    span: Option<Place>,
    label: String,
    #[serde(default)]
    values: Option<Vec<(String, String)>>,
    hints: Vec<String>,
    address: Option<String>,
}

/// A span with the lines that it covers; the rest of its file stays out, as it may hold secrets.
#[derive(Serialize, Deserialize)]
struct Place {
    path: String,
    line: usize,
    text: String,
    start: usize,
    end: usize,
}

impl PlanDocument {
    pub fn new(plan: &Plan, seal: &dyn Seal) -> Result<Self, String> {
        let value = |v: &Value| codec::encode(v, None, seal);
        let attrs = |a: &Attrs| value(&a.to_value());
        let PlanMeta {
            layout,
            dir,
            basis,
            seal: _,
            lineage,
            serial,
            variables,
            created,
            destroy,
            refreshed,
            replace,
            allow_downtime,
            refresh_only,
            of_terraform,
            partial,
        } = &plan.meta;
        let variables = variables.iter().map(|(k, v)| Ok((k.to_string(), value(v)?)));
        let meta = Meta {
            layout: layout.clone(),
            dir: dir.clone(),
            basis: basis.clone(),
            lineage: lineage.clone(),
            serial: *serial,
            variables: variables.collect::<Result<_, String>>()?,
            created: created.to_string(),
            destroy: *destroy,
            refreshed: *refreshed,
            replace: texts(replace),
            allow_downtime: allow_downtime.clone(),
            refresh_only: *refresh_only,
            of_terraform: *of_terraform,
            partial: *partial,
        };
        let change = |c: &Change| {
            Ok(ChangeDocument {
                address: c.address.to_string(),
                moved_from: c.moved_from.as_ref().map(Address::to_string),
                deposed: c.deposed.clone(),
                provider: c.provider.clone(),
                region: c.region.clone(),
                action: c.action,
                reason: c.reason.clone(),
                id: c.id.clone(),
                importing: c.importing.clone(),
                stored: c.stored.as_ref().map(attrs).transpose()?,
                before: c.before.as_ref().map(attrs).transpose()?,
                after: c.after.as_ref().map(attrs).transpose()?,
                attributes: c.attributes.clone(),
                depends_on: texts(&c.depends_on),
                create_before_destroy: c.create_before_destroy,
            })
        };
        let drift = |d: &Drift| {
            Ok(DriftDocument {
                address: d.address.to_string(),
                stored: attrs(&d.stored)?,
                live: d.live.as_ref().map(attrs).transpose()?,
                attributes: d.attributes.clone(),
            })
        };
        let output = |o: &OutputChange| {
            Ok(Output {
                name: o.name.to_string(),
                before: o.before.as_ref().map(value).transpose()?,
                after: o.after.as_ref().map(value).transpose()?,
            })
        };
        Ok(PlanDocument {
            meta,
            changes: plan.changes.iter().map(change).collect::<Result<_, String>>()?,
            steps: plan.steps.clone(),
            undo: plan.undo.clone(),
            drift: plan.drift.iter().map(drift).collect::<Result<_, String>>()?,
            outputs: plan.outputs.iter().map(output).collect::<Result<_, String>>()?,
            reread: RereadDocument {
                objects: plan.reread.objects.iter().map(|(a, names)| (a.to_string(), names.clone())).collect(),
                outputs: plan.reread.outputs.iter().map(Name::to_string).collect(),
            },
            answers: plan.answers.iter().map(|(a, v)| Ok((a.to_string(), value(v)?))).collect::<Result<_, String>>()?,
            sick: plan.sick.clone(),
            promise: plan.promise.clone(),
            exposure: plan.exposure.clone(),
            warnings: plan.warnings.iter().map(Warning::new).collect(),
            violations: plan.violations.iter().map(Warning::new).collect(),
        })
    }

    pub fn into_plan(self, seal: Option<&dyn Seal>) -> Result<Plan, Problem> {
        let reader = Reader { seal };
        let created = &self.meta.created;
        let created = created
            .parse()
            .map_err(|_| Problem::Damaged(format!("it says that it was made at {created:?}, which is not a time")))?;
        let meta = PlanMeta {
            variables: self
                .meta
                .variables
                .iter()
                .map(|(k, v)| Ok((Name::from(k.as_str()), reader.value(v)?)))
                .collect::<Result<_, Problem>>()?,
            replace: reader.addresses(&self.meta.replace)?,
            allow_downtime: self.meta.allow_downtime,
            refresh_only: self.meta.refresh_only,
            of_terraform: self.meta.of_terraform,
            partial: self.meta.partial,
            layout: self.meta.layout,
            dir: self.meta.dir,
            basis: self.meta.basis,
            seal: String::new(),
            lineage: self.meta.lineage,
            serial: self.meta.serial,
            created,
            destroy: self.meta.destroy,
            refreshed: self.meta.refreshed,
        };
        let plan = Plan {
            meta,
            changes: self.changes.into_iter().map(|c| reader.change(c)).collect::<Result<_, _>>()?,
            steps: self.steps,
            undo: self.undo,
            drift: self.drift.into_iter().map(|d| reader.drift(d)).collect::<Result<_, _>>()?,
            outputs: self.outputs.into_iter().map(|o| reader.output(o)).collect::<Result<_, _>>()?,
            reread: reader.reread(self.reread)?,
            answers: self
                .answers
                .iter()
                .map(|(a, v)| Ok((reader.address(a)?, reader.value(v)?)))
                .collect::<Result<_, Problem>>()?,
            sick: self.sick,
            promise: self.promise,
            exposure: self.exposure,
            warnings: self.warnings.into_iter().map(Warning::into_diagnostic).collect(),
            violations: self.violations.into_iter().map(Warning::into_diagnostic).collect(),
        };
        let (changes, steps) = (plan.changes.len(), plan.steps.len());
        if plan.steps.iter().any(|s| s.change >= changes || s.needs.iter().any(|n| *n >= steps)) {
            return Err(Problem::Damaged("a step refers to nothing".into()));
        }
        if plan.undo.iter().any(|u| u.of >= steps || u.when.iter().any(|w| *w >= steps)) {
            return Err(Problem::Damaged("a step that is taken on failure refers to nothing".into()));
        }
        Ok(plan)
    }
}

struct Reader<'a> {
    seal: Option<&'a dyn Seal>,
}

impl Reader<'_> {
    fn value(&self, json: &Json) -> Result<Value, Problem> {
        codec::decode(json, None, self.seal).map_err(|e| match e {
            codec::DecodeError::Form(why) => Problem::Damaged(why),
            codec::DecodeError::Sealed(why) => Problem::Sealed(why),
        })
    }

    fn attrs(&self, json: Option<&Json>) -> Result<Option<Attrs>, Problem> {
        json.map(|j| Ok(Attrs::from_value(&self.value(j)?))).transpose()
    }

    fn address(&self, text: &str) -> Result<Address, Problem> {
        parse_instance(text).map_err(Problem::Damaged)
    }

    fn addresses(&self, texts: &[String]) -> Result<Vec<Address>, Problem> {
        texts.iter().map(|t| self.address(t)).collect()
    }

    fn change(&self, c: ChangeDocument) -> Result<Change, Problem> {
        Ok(Change {
            address: self.address(&c.address)?,
            moved_from: c.moved_from.as_deref().map(|t| self.address(t)).transpose()?,
            stored: self.attrs(c.stored.as_ref())?,
            before: self.attrs(c.before.as_ref())?,
            after: self.attrs(c.after.as_ref())?,
            depends_on: self.addresses(&c.depends_on)?,
            deposed: c.deposed,
            provider: c.provider,
            region: c.region,
            action: c.action,
            reason: c.reason,
            id: c.id,
            importing: c.importing,
            attributes: c.attributes,
            create_before_destroy: c.create_before_destroy,
        })
    }

    fn drift(&self, d: DriftDocument) -> Result<Drift, Problem> {
        Ok(Drift {
            address: self.address(&d.address)?,
            stored: self.attrs(Some(&d.stored))?.unwrap_or_default(),
            live: self.attrs(d.live.as_ref())?,
            attributes: d.attributes,
        })
    }

    fn reread(&self, r: RereadDocument) -> Result<Reread, Problem> {
        let objects = r.objects.into_iter().map(|(address, names)| Ok((self.address(&address)?, names)));
        Ok(Reread {
            objects: objects.collect::<Result<_, Problem>>()?,
            outputs: r.outputs.into_iter().map(Name::from).collect(),
        })
    }

    fn output(&self, o: Output) -> Result<OutputChange, Problem> {
        Ok(OutputChange {
            name: o.name.into(),
            before: o.before.as_ref().map(|v| self.value(v)).transpose()?,
            after: o.after.as_ref().map(|v| self.value(v)).transpose()?,
        })
    }
}

impl Warning {
    fn new(d: &Diagnostic) -> Self {
        let Diagnostic { severity, code, summary, detail, span, label, values, hints, address } = d.clone();
        let error = severity == Severity::Error;
        let values = values.map(|all| all.into_iter().map(|v| (v.reference, v.statement)).collect());
        Warning {
            error,
            code: code.into_owned(),
            summary,
            detail,
            span: span.as_ref().map(Place::new),
            label,
            values,
            hints,
            address,
        }
    }

    fn into_diagnostic(self) -> Diagnostic {
        Diagnostic {
            severity: if self.error { Severity::Error } else { Severity::Warning },
            code: self.code.into(),
            summary: self.summary,
            detail: self.detail,
            span: self.span.map(Place::into_span),
            label: self.label,
            values: self.values.map(|all| {
                all.into_iter().map(|(reference, statement)| ReferencedValue { reference, statement }).collect()
            }),
            hints: self.hints,
            address: self.address,
        }
    }
}

impl Place {
    fn new(span: &Span) -> Self {
        let text = &span.file.text;
        let from = text[..span.range.start].rfind('\n').map_or(0, |at| at + 1);
        let to = text[span.range.end..].find('\n').map_or(text.len(), |at| span.range.end + at);
        Place {
            path: span.file.path.clone(),
            line: span.line_column().0,
            text: text[from..to].to_owned(),
            start: span.range.start - from,
            end: span.range.end - from,
        }
    }

    /// The span in a file whose other lines are empty, so that its line number stays.
    fn into_span(self) -> Span {
        const MOST_LINES: usize = 1 << 24;
        let above = self.line.saturating_sub(1).min(MOST_LINES);
        let file = Arc::new(SourceFile { path: self.path, text: "\n".repeat(above) + &self.text });
        let at = |offset: usize| above.saturating_add(offset);
        Span::new(&file, at(self.start)..at(self.end))
    }
}

fn texts(addresses: &[Address]) -> Vec<String> {
    addresses.iter().map(Address::to_string).collect()
}
