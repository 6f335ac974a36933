//! A fleet of any size that is the same every time, with what somebody would look for in it and where the answer stands.

use std::path::Path;

const FIRST: &str = "amber arctic brisk cedar cobalt copper crimson delta dusty ebony fallow ginger granite hazel indigo \
ivory jade linden maple misty noble ochre opal pearl quartz russet sable scarlet velvet willow";
const SECOND: &str = "anchor beacon billing cargo ledger claims depot dispatch export ferry freight garage invoice journal \
kiosk locker manifest market meter notice order parcel pension permit quota rental ticket tariff voucher wallet";
const THIRD: &str = "adapter agent archive broker bridge cache cleaner engine gateway importer mailer monitor planner \
router scheduler tracker";
const PEOPLE: &str = "badgers cranes falcons herons lynxes otters ravens stoats terns wolves";
const DOES: &str = "drains flushes reloads rotates pauses replays compacts throttles verifies rebuilds";
const WHAT: &str = "lease table|session store|dead letter queue|write buffer|feature switches|partition map|rate limiter|\
replica set|retry backlog|token cache";
const WHEN: &str = "before the night run|after a release|once the backlog is gone|in the quiet hours|when the disk fills|\
while customers wait|as soon as the primary is back|at the end of the month";
const SECTIONS: [(&str, &str); 8] = [
    ("Business overview", "business-overview"),
    ("Technical overview", "technical-overview"),
    ("Configuration management", "configuration"),
    ("Secrets management", "secrets"),
    ("Restore procedures", "restore-procedures"),
    ("Deployment", "deployment"),
    ("Troubleshooting", "troubleshooting"),
    ("Failover", "failover"),
];

/// A query with the same mistyped, and where the answer stands.
pub struct Query {
    pub asks: String,
    pub typo: String,
    pub answers: Vec<String>,
}

struct Service {
    first: &'static str,
    second: &'static str,
    third: &'static str,
    at: usize,
}

impl Service {
    fn of(at: usize) -> Self {
        let (first, second, third) = (words(FIRST), words(SECOND), words(THIRD));
        // Neighbours in the list share no part of their names.
        let mixed = at * 7919 % (first.len() * second.len() * third.len());
        Self {
            first: first[mixed % first.len()],
            second: second[mixed / first.len() % second.len()],
            third: third[mixed / first.len() / second.len()],
            at,
        }
    }

    fn name(&self) -> String {
        format!("{}-{}-{}", self.first, self.second, self.third)
    }

    fn alert(&self) -> String {
        [self.first, self.second, self.third, "stalled"].iter().map(|w| w[..1].to_uppercase() + &w[1..]).collect()
    }

    fn team(&self) -> String {
        let people = words(PEOPLE);
        let group = self.at / 15;
        let first = words(FIRST)[group % 30];
        format!("{first} {} {}", words(SECOND)[group / 30 % 30], people[group % people.len()])
    }

    fn runbook(&self) -> String {
        let (name, at) = (self.name(), self.at);
        let one = |list: &'static str, salt: usize| pick(list.split('|').collect(), at * 31 + salt);
        let mut text = format!("# {name} runbook\n\n**Service or system name:** {name}\n\n## Service owner\n");
        text += &format!("Team {} owns {name}; ring the desk.\n", self.team());
        for (nth, (title, _)) in SECTIONS.iter().enumerate() {
            text += &format!("\n## {title}\n\n");
            for sentence in 0..4 {
                let salt = nth * 100 + sentence * 10;
                text += &format!(
                    "The {} {} the {} {}. ",
                    self.third,
                    pick(words(DOES), at * 17 + salt),
                    one(WHAT, salt + 1),
                    one(WHEN, salt + 2)
                );
            }
            text += &match nth {
                2 => format!("The file is `/etc/{name}/{}-{at}.toml`.\n", self.second),
                4 => format!("Last rehearsed under INC-{}.\n", 10_000 + at),
                5 => format!("Start it with `--{}-{}-mode={at}` the first time.\n", self.second, self.third),
                6 => format!("Where the log says `ERR_{}_{at}`, free the lease.\n", self.second.to_uppercase()),
                7 => format!("The standby is `db{at}.{}.example.net:5432`.\n", self.first),
                _ => "\n".to_owned(),
            };
        }
        text
    }

    fn rule(&self) -> String {
        format!(
            "groups:\n- name: {0}\n  rules:\n  - alert: {1}\n    expr: up == 0\n    labels:\n      service: {0}\n    \
             annotations:\n      summary: {0} does nothing any more\n",
            self.name(),
            self.alert()
        )
    }
}

fn words(list: &'static str) -> Vec<&'static str> {
    list.split_whitespace().collect()
}

fn pick(list: Vec<&'static str>, seed: usize) -> &'static str {
    let mixed = (seed as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    list[(mixed >> 33) as usize % list.len()]
}

/// Writes a fleet of `count` services, a repository each, and its configuration.
pub fn write(folder: &Path, count: usize) {
    for service in (0..count).map(Service::of) {
        let repo = folder.join("repos").join(service.name());
        std::fs::create_dir_all(&repo).unwrap();
        std::fs::write(repo.join("RUNBOOK.md"), service.runbook()).unwrap();
        std::fs::write(repo.join("alerts.yaml"), service.rule()).unwrap();
    }
    std::fs::write(folder.join("opsbook.toml"), "[[source]]\npath = \"repos/*\"\n").unwrap();
}

/// Sixty queries over a fleet of `count` services: ten kinds, six of each.
pub fn queries(count: usize) -> Vec<Query> {
    let one = |nth: usize| {
        let service = Service::of((nth * 977 + 13) % count);
        let (name, at) = (service.name(), service.at);
        let section = |id: &str| format!("services/{name}/#{id}");
        let (asks, answer) = match nth % 10 {
            0 => (name.clone(), format!("services/{name}/")),
            1 => (format!("{} {} {}", service.first, service.third, service.second), format!("services/{name}/")),
            2 => (format!("restore {name}"), section("restore-procedures")),
            3 => (format!("{name} rollback"), section("deployment")),
            4 => (
                format!("{}{}{}", service.first, service.second, service.third),
                format!("alerts/{}/", service.alert().to_lowercase()),
            ),
            5 => (service.alert(), format!("alerts/{}/", service.alert().to_lowercase())),
            6 => (format!("INC-{} rehearsed", 10_000 + at), section("restore-procedures")),
            7 => (format!("ERR_{}_{at}", service.second.to_uppercase()), section("troubleshooting")),
            8 => (format!("db{at}.{}.example.net", service.first), section("failover")),
            _ => (format!("--{}-{}-mode={at}", service.second, service.third), section("deployment")),
        };
        let mut answers = vec![answer];
        if nth % 10 == 4 {
            // What was typed is the service's name as well.
            answers.push(format!("services/{name}/"));
        }
        Query { typo: mistyped(&asks, nth), asks, answers }
    };
    (0..60).map(one).collect()
}

/// The longest word of letters with one of them wrong: swapped, dropped, doubled, or another.
fn mistyped(query: &str, nth: usize) -> String {
    let longest = query.split(|c: char| !c.is_ascii_alphabetic()).max_by_key(|word| word.len()).unwrap();
    let start = query.find(longest).unwrap();
    let at = start + nth / 10 * 2 % (longest.len() - 1);
    let (before, letters, after) = (&query[..at], &query[at..at + 2], &query[at + 2..]);
    let (one, two) = letters.split_at(1);
    match nth % 4 {
        0 if one != two => format!("{before}{two}{one}{after}"),
        1 => format!("{before}{two}{after}"),
        2 => format!("{before}{one}{one}{two}{after}"),
        _ => format!("{before}{}{two}{after}", if one == "x" { "y" } else { "x" }),
    }
}
