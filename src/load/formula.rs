//! Formulas: a ratio, bands, or a guarantee.

use super::figure::Place;
use super::limit::Adjusts;
use super::policy::Build;
use crate::money::Money;
use crate::policy::step::{Band, Bands, Base, Covers, Formula, Guarantee};
use crate::rounding::Rounding;
use crate::text::{Code, Cursor, Diagnostic, Span};

/// What a formula needs to know of the rest of its step.
pub(super) struct Standing<'a> {
    pub(super) covers: Covers,
    pub(super) base: &'a Base,
    pub(super) has_deductible: bool,
    pub(super) first_slot: usize,
}

impl<'s> Build<'s> {
    /// The step's one formula; `place` is the step's.
    pub(super) fn formula(
        &mut self,
        cursor: &Cursor<'_, 's>,
        place: &Place,
        standing: &Standing<'_>,
        adjusts: Adjusts,
    ) -> Option<Formula> {
        let id = place.path.as_str();
        let given: Vec<&'static str> = ["ratio", "bands", "guarantee"]
            .into_iter()
            .filter(|key| cursor.has(key))
            .collect();
        let place = Place {
            path: format!("{id}.ratio"),
            ..place.clone()
        };
        match given.as_slice() {
            ["ratio"] => {
                let node = cursor.opt("ratio")?;
                self.figure(node, "ratio", &place, adjusts, Rounding::default())
                    .map(Formula::Ratio)
            }
            ["bands"] => {
                let place = Place {
                    path: format!("{id}.bands"),
                    ..place
                };
                let table = cursor.opt_table("bands")?;
                let place = Place {
                    cited: place.cited.and(self, &table),
                    ..place
                };
                self.bands(id, table, &place, &adjusts, standing.has_deductible)
                    .map(Formula::Bands)
            }
            ["guarantee"] => {
                let place = Place {
                    path: format!("{id}.guarantee"),
                    ..place
                };
                let table = cursor.opt_table("guarantee")?;
                let place = Place {
                    cited: place.cited.and(self, &table),
                    ..place
                };
                if standing.has_deductible {
                    let message = format!("{} has a guarantee and a deductible", cursor.what());
                    self.sink.push(
                        Diagnostic::error(Code::Conflict, cursor.key_span("deductible"), message)
                            .expected("a guarantee without a deductible"),
                    );
                }
                self.guarantee(table, &place, standing, adjusts)
                    .map(Formula::Guarantee)
            }
            [] => {
                let diagnostic = Diagnostic::error(
                    Code::MissingKey,
                    cursor.span(),
                    format!("{} has no formula", cursor.what()),
                );
                self.sink
                    .push(diagnostic.expected("one of `ratio`, `bands`, `guarantee`"));
                None
            }
            [.., second] => {
                let all: Vec<String> = given.iter().map(|key| format!("`{key}`")).collect();
                let message = format!("{} has {}", cursor.what(), all.join(" and "));
                self.sink.push(
                    Diagnostic::error(Code::Conflict, cursor.key_span(second), message)
                        .expected("one of them"),
                );
                None
            }
        }
    }

    pub(super) fn bands(
        &mut self,
        id: &str,
        table: Cursor<'_, 's>,
        place: &Place,
        adjusts: &Adjusts,
        has_deductible: bool,
    ) -> Option<Bands> {
        let per_year = table.req("per").and_then(|node| {
            self.word(
                node,
                &table.name_of("per"),
                &[("bill", false), ("year", true)],
            )
        });
        let scales = [("absolute", true), ("above-deductible", false)];
        let absolute =
            match table.opt("scale") {
                Some(node) => self.word(node, &table.name_of("scale"), &scales),
                None if has_deductible => {
                    let diagnostic = Diagnostic::error(
                        Code::MissingKey,
                        table.span(),
                        format!("missing key `scale` in {}", table.what()),
                    );
                    self.sink.push(diagnostic.expected(
                        "`\"absolute\"` (edges count from zero) or `\"above-deductible\"`",
                    ));
                    None
                }
                None => Some(true),
            };
        let whole = match table.opt("apply") {
            Some(node) => self.word(
                node,
                &table.name_of("apply"),
                &[("marginal", false), ("whole", true)],
            ),
            None => Some(false),
        };
        if whole == Some(true) && per_year == Some(true) {
            let message = format!("the whole amount in {}, which count the year", table.what());
            let diagnostic = Diagnostic::error(Code::Conflict, table.key_span("apply"), message);
            self.sink
                .push(diagnostic.expected("`apply = \"whole\"` only with `per = \"bill\"`"));
        }
        let mut bands: Vec<Band> = Vec::new();
        let mut complete = true;
        let mut last: Option<(Option<Money>, Span)> = None;
        let rows = match table.req("band") {
            Some(_) => table.tables("band"),
            None => return None,
        };
        for (number, row) in rows.into_iter().enumerate() {
            let by_fen = whole == Some(true);
            let (low, high) = (
                self.edge(&row, ["over", "from"], true, by_fen),
                self.edge(&row, ["to", "under"], false, by_fen),
            );
            let path = format!("{}.{}", place.path, number.saturating_add(1));
            let ratio = row.req("ratio").and_then(|node| {
                let place = Place {
                    path,
                    ..place.clone()
                };
                self.figure(node, "ratio", &place, adjusts.clone(), Rounding::default())
            });
            self.check_edges(&row, low, high, &mut last);
            match (low, ratio) {
                (Some((Some(over), _)), Some(ratio)) if high.is_some() => {
                    bands.push(Band {
                        over,
                        to: high.and_then(|(to, _)| to),
                        ratio,
                    });
                }
                _ => complete = false,
            }
            row.finish();
        }
        if last.is_none() && complete {
            self.sink.error(
                Code::BadValue,
                table.key_span("band"),
                format!("{} is empty", table.name_of("band")),
            );
            complete = false;
        }
        if let Some((Some(end), span)) = last {
            let message = format!("nothing is paid above {end} yuan, where the last band ends");
            let band = format!("`{{ over = {end}, ratio = \"0%\" }}`");
            self.sink.push(
                Diagnostic::warning(Code::BandEnds, span, message).expected(format!(
                    "a last band without `to` or `under`; where nothing is paid above it, {band} as the last"
                )),
            );
        }
        let year = (per_year == Some(true)).then(|| self.counter(format!("bands/{id}")));
        table.finish();
        complete.then_some(())?;
        per_year?;
        Some(Bands {
            year,
            absolute: absolute?,
            whole: whole?,
            bands,
        })
    }

    /// A band's edge, as "over" or "up to and with". To which band a fen on the edge belongs matters only where the whole
    /// amount goes by it (`by_fen`): there `from` and `under` count the fen before. The outer `None` is an edge that is
    /// wrong; an absent upper edge is `Some((None, _))`.
    pub(super) fn edge(
        &self,
        row: &Cursor<'_, 's>,
        [exact, shifted]: [&'static str; 2],
        required: bool,
        by_fen: bool,
    ) -> Option<(Option<Money>, Span)> {
        let key = match (row.has(exact), row.has(shifted)) {
            (true, true) => {
                let message = format!("{} has `{exact}` and `{shifted}`", row.what());
                self.sink.push(
                    Diagnostic::error(Code::Conflict, row.key_span(shifted), message)
                        .expected("one of them"),
                );
                return None;
            }
            (false, false) if required => {
                let diagnostic = Diagnostic::error(
                    Code::MissingKey,
                    row.span(),
                    format!("missing key `{exact}` in {}", row.what()),
                );
                self.sink.push(diagnostic.expected(format!(
                    "`{exact} = …` or `{shifted} = …`: where the band begins"
                )));
                return None;
            }
            (false, false) => return Some((None, row.span())),
            (true, false) => exact,
            (false, true) => shifted,
        };
        let node = row.opt(key)?;
        let amount = self.amount(node, &row.name_of(key))?;
        let fen = Money::from_fen(1);
        let edge = match by_fen && key == shifted {
            // `from = 0` begins where `over = 0` does: no bill has a fen of nothing.
            true if amount == Money::ZERO => amount,
            true => amount.checked_sub(fen)?,
            false => amount,
        };
        Some((Some(edge), node.span))
    }

    /// Bands rise and join exactly.
    pub(super) fn check_edges(
        &self,
        row: &Cursor<'_, 's>,
        low: Option<(Option<Money>, Span)>,
        high: Option<(Option<Money>, Span)>,
        last: &mut Option<(Option<Money>, Span)>,
    ) {
        if let (Some((Some(low), low_span)), Some((last_high, last_span))) = (low, *last) {
            match last_high {
                None => {
                    let diagnostic = Diagnostic::error(
                        Code::BandOverlap,
                        low_span,
                        "a band after one without an upper edge",
                    );
                    self.sink.push(
                        diagnostic
                            .secondary(last_span, "this band has no end")
                            .expected("`to` or `under` in every band but the last"),
                    );
                }
                Some(high) if low > high => {
                    let message = format!("the amounts over {high} up to {low} are in no band");
                    let diagnostic = Diagnostic::error(Code::BandGap, low_span, message)
                        .secondary(last_span, "the band before ends here");
                    self.sink.push(diagnostic.expected("a band that begins where the one before ends: `over` after `to`, `from` after `under`"));
                }
                Some(high) if low < high => {
                    let message = format!("the amounts over {low} up to {high} are in two bands");
                    let diagnostic = Diagnostic::error(Code::BandOverlap, low_span, message)
                        .secondary(last_span, "the band before ends here");
                    self.sink.push(diagnostic.expected("a band that begins where the one before ends: `over` after `to`, `from` after `under`"));
                }
                Some(_) => {}
            }
        }
        if let (Some((Some(low), low_span)), Some((Some(high), high_span))) = (low, high)
            && high <= low
        {
            let diagnostic = Diagnostic::error(
                Code::BandOrder,
                high_span,
                "a band that ends before it begins",
            );
            self.sink.push(
                diagnostic
                    .secondary(low_span, "it begins here")
                    .expected("an upper edge above the lower one"),
            );
        }
        if let Some((high, span)) = high {
            *last = Some((high, span));
        } else {
            *last = Some((None, row.span()));
        }
    }

    pub(super) fn guarantee(
        &mut self,
        table: Cursor<'_, 's>,
        place: &Place,
        standing: &Standing<'_>,
        adjusts: Adjusts,
    ) -> Option<Guarantee> {
        let ratio = table
            .req("ratio")
            .and_then(|node| self.figure(node, "ratio", place, adjusts, Rounding::default()));
        let forms = [
            ("covered", standing.covers),
            ("in-scope", Covers::IN_SCOPE),
            ("total", Covers::TOTAL),
        ];
        let of = table
            .req("of")
            .and_then(|node| self.word(node, &table.name_of("of"), &forms));
        let counting = table
            .opt_strings("counting")
            .map(|named| self.payer_set(named));
        let not_counting = table
            .opt_strings("not_counting")
            .map(|named| self.payer_set(named));
        if counting.is_some() && not_counting.is_some() {
            let message = format!("{} has `counting` and `not_counting`", table.what());
            self.sink.push(
                Diagnostic::error(Code::Conflict, table.key_span("not_counting"), message)
                    .expected("one of them"),
            );
        }
        let counts = |payer: usize| {
            let of = |set: &Vec<bool>| set.get(payer).copied().unwrap_or(false);
            counting
                .as_ref()
                .map_or_else(|| !not_counting.as_ref().is_some_and(of), of)
        };
        // What is left out of the money is no reimbursement of it either.
        let left_out = |slot: usize| standing.base.less.iter().any(|slots| slots.contains(&slot));
        let slots = self.slots.iter().take(standing.first_slot).enumerate();
        let counts = slots
            .map(|(number, slot)| counts(slot.payer) && !left_out(number))
            .collect();
        table.finish();
        Some(Guarantee {
            ratio: ratio?,
            of: of?,
            counts,
        })
    }
}
