//! The table: a row is printed as soon as it is measured.

use crate::support::budgets::{Budget, Unit, Verdict, WALL_TIME};

/// The rows so far.
pub struct Table {
    has_failures: bool,
}

impl Table {
    /// Prints the head.
    pub fn begin() -> Self {
        print(["quantity", "measured", "floor", "goal", "fails above", "verdict"]);
        println!("{}", "-".repeat(102));
        Self { has_failures: false }
    }

    pub fn row(&mut self, budget: &Budget, measured: f64) {
        let shown = show(measured, budget.unit);
        self.judged(budget, budget.quantity, measured, &shown, "");
    }

    /// A row of two times in milliseconds, whose ratio has the budget.
    pub fn beside_floor(&mut self, quantity: &str, ours: f64, floor: f64) {
        let (ours_shown, floor_shown) = (seconds(ours), seconds(floor));
        let ratio = ours / floor;
        let shown = format!("{ours_shown} = {}", show(ratio, WALL_TIME.unit));
        self.judged(&WALL_TIME, quantity, ratio, &shown, &floor_shown);
    }

    pub fn has_failures(&self) -> bool {
        self.has_failures
    }

    fn judged(&mut self, budget: &Budget, quantity: &str, value: f64, shown: &str, floor: &str) {
        let verdict = budget.verdict(value);
        self.has_failures |= verdict == Verdict::Fail;
        let verdict = match verdict {
            Verdict::Ok => "ok",
            Verdict::OverGoal => "over goal",
            Verdict::Fail => "FAIL",
        };
        let goal = show(budget.goal, budget.unit);
        let limit = budget.fails_above.map(|limit| show(limit, budget.unit)).unwrap_or_default();
        print([quantity, shown, floor, &goal, &limit, verdict]);
    }
}

fn print([quantity, measured, floor, goal, limit, verdict]: [&str; 6]) {
    println!("{quantity:<42} {measured:>17} {floor:>9} {goal:>9} {limit:>12}  {verdict}");
}

fn show(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Milliseconds => format!("{value:.2} ms"),
        Unit::Megabytes => format!("{value:.2} MB"),
        Unit::Requests => format!("{value:.0}"),
        Unit::TimesFloor => format!("{value:.2} x"),
    }
}

fn seconds(milliseconds: f64) -> String {
    format!("{:.2} s", milliseconds / 1e3)
}
