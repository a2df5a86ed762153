//! Prints a policy.
fn main() {
    let book = payer_split::RuleBook::embedded();
    let id = std::env::args().nth(1).unwrap();
    let p = book.named(&id).unwrap();
    let s = payer_split::check::summary(p);
    print!("{}\n\n{}", s.zh(), s.en());
}
