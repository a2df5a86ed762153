//! temp
use payer_split::check::{Project, mutation};
fn main() {
    let t = std::time::Instant::now();
    for dir in std::env::args().skip(1) {
        let project = Project::read_dir(dir).unwrap();
        let report = mutation(&project, |_, _| ());
        println!("{report}");
        println!("failing {} in {:?}", report.failing(), t.elapsed());
    }
}
