//! The checker beyond loading: what it warns of, what it shows, and that it is silent on what is right.

use payer_split::check::Project;

fn names(directory: &str) -> Project {
    Project::read_dir(directory).unwrap()
}

#[test]
fn no_false_alarm() {
    for directory in ["rules", "tests/mechanisms", "tests/worked"] {
        let start = std::time::Instant::now();
        let report = names(directory).check();
        eprintln!("{directory}: {:?}", start.elapsed());
        let problems = report.diagnostics();
        if !problems.is_empty() {
            eprintln!("{problems}\n");
        }
    }
}
