//! Lists of tasks.

use wsdb_core::{Claim, Page, Priority, Task, TaskFilter, TaskSort, TaskStatus};

use crate::fixtures::{self, id};
use crate::{Case, at, test_cases};

test_cases!(
    tasks_are_filtered,
    tasks_of_a_person_are_assigned_or_claimed,
    tasks_are_sorted,
    text_filter_ignores_case_and_accents,
    text_filter_may_be_long,
    pages_of_any_size_are_listed,
);

async fn ids(case: &Case, filter: &TaskFilter) -> Vec<String> {
    let tasks = case.store.tasks().list(filter).await.unwrap();
    tasks.into_iter().map(|task| task.id.to_string()).collect()
}

/// Five tasks that differ in every field of the filter.
async fn insert_tasks(case: &Case) {
    let new = |name: &str, title: &str, day: u32| {
        let mut task = fixtures::task(name, false);
        task.title = title.into();
        task.status = TaskStatus::Pending;
        task.created = at("2025-01-01");
        task.updated = at(&format!("2025-02-{day:02}T10:00:00.5"));
        task
    };
    let tasks = [
        Task {
            status: TaskStatus::Backlog,
            priority: Some(Priority::Low),
            ..new("A-1", "b", 5)
        },
        Task {
            assigned_to: Some("mira".into()),
            repos_affected: vec!["core".into(), "web".into()],
            ..new("A-2", "a", 4)
        },
        Task {
            priority: Some(Priority::Critical),
            session_created: Some(id("S-1")),
            repos_affected: vec!["web".into()],
            ..new("A-3", "B", 3)
        },
        Task {
            status: TaskStatus::Cancelled,
            dependencies: vec![id("A-1"), id("A-404")],
            created: at("2024-12-31T23:59:59.999999"),
            ..new("A-4", "b", 2)
        },
        Task {
            assigned_to: Some("jo".into()),
            dependencies: vec![id("A-1")],
            created: at("2025-01-01T00:00:00.000001"),
            ..new("a-5", "c", 1)
        },
    ];
    for task in tasks {
        case.store.tasks().insert(task).await.unwrap();
    }
}

async fn tasks_are_filtered(case: &Case) {
    insert_tasks(case).await;
    check_lists! { case.store.tasks(), TaskFilter,
        {} => "A-4 A-1 A-2 A-3 a-5",
        { ids: vec![id("A-3"), id("A-1"), id("none")] } => "A-1 A-3",
        { status: vec![TaskStatus::Pending] } => "A-2 A-3 a-5",
        { status: vec![TaskStatus::Backlog, TaskStatus::Cancelled] } => "A-4 A-1",
        { priority: vec![Priority::Low, Priority::Critical] } => "A-1 A-3",
        { priority: vec![Priority::High] } => "",
        { repo: vec!["web".into()] } => "A-2 A-3",
        { repo: vec!["core".into(), "web".into()] } => "A-2 A-3",
        { repo: vec!["we".into()] } => "",
        { open: Some(true) } => "A-1 A-2 A-3 a-5",
        { open: Some(false) } => "A-4",
        { assigned_to: vec!["mira".into(), "jo".into()] } => "A-2 a-5",
        { assigned: Some(true) } => "A-2 a-5",
        { assigned: Some(false) } => "A-4 A-1 A-3",
        { not_worker: Some("mira".into()) } => "A-4 A-1 A-3 a-5",
        { session: vec![id("S-1"), id("S-2")] } => "A-3",
        { depends_on: Some(id("A-1")) } => "A-4 a-5",
        { depends_on: Some(id("A-404")) } => "A-4",
        { since: Some(at("2025-02-04T10:00:00.5").into()) } => "A-1 A-2",
        { since: Some(at("2025-02-04T10:00:00.500001").into()) } => "A-1",
        { text: vec!["A-3".into()] } => "A-3",
        { status: vec![TaskStatus::Pending],
            repo: vec!["web".into()],
            assigned_to: vec!["mira".into()] } => "A-2",
    }
}

async fn tasks_of_a_person_are_assigned_or_claimed(case: &Case) {
    insert_tasks(case).await;
    for (task, holder) in [("A-1", "mira"), ("a-5", "mira"), ("A-3", "jo")] {
        let (since, until) = (at("2025-01-01"), at("2025-01-02"));
        let claim = Claim::new(id(task), holder.into(), since, until);
        case.store.tasks().claim(claim).await.unwrap();
    }
    check_lists! { case.store.tasks(), TaskFilter,
        { worker: Some("mira".into()) } => "A-1 A-2 a-5",
        { worker: Some("jo".into()) } => "A-3 a-5",
        { worker: Some("nobody".into()) } => "",
        { worker: Some("mira".into()), repo: vec!["web".into()] } => "A-2",
        { not_worker: Some("mira".into()) } => "A-4 A-3",
        { not_worker: Some("nobody".into()) } => "A-4 A-1 A-2 A-3 a-5",
    }
}

/// Equal values are sorted by id, and text by its characters.
async fn tasks_are_sorted(case: &Case) {
    insert_tasks(case).await;
    check_lists! { case.store.tasks(), TaskFilter,
        { sort: TaskSort::Created } => "A-4 A-1 A-2 A-3 a-5",
        { sort: TaskSort::Updated } => "a-5 A-4 A-3 A-2 A-1",
        { sort: TaskSort::Priority } => "A-3 A-1 A-2 A-4 a-5",
        { sort: TaskSort::Status } => "A-2 A-3 a-5 A-1 A-4",
        { sort: TaskSort::Title } => "A-3 A-2 A-1 A-4 a-5",
        { sort: TaskSort::Id } => "A-1 A-2 A-3 A-4 a-5",
    }
}

async fn text_filter_ignores_case_and_accents(case: &Case) {
    let task = Task {
        title: "Move the PRICING 100% of_it C:\\core".into(),
        description: Some("Ärger mit der Übergröße".into()),
        notes: Some("ÉTÉ à Łódź, ЗАДАЧА".into()),
        ..fixtures::task("W-1", false)
    };
    let other = fixtures::task("other", false);
    let tasks = case.store.tasks();
    tasks.insert_many(&[task, other], &|_| ()).await.unwrap();
    for (words, is_found) in [
        ("pricing", true),
        ("w-1 pricing move", true),
        ("pricing absent", false),
        ("100%", true),
        ("1%0", false),
        ("of_it", true),
        ("of?it", false),
        ("p_icing", false),
        ("c:\\CORE", true),
        ("\\", true),
        ("%", true),
        ("''", false),
        ("Ärger", true),
        ("ärger", true),
        ("ÄRGER", true),
        ("Übergröße", true),
        ("übergröße", true),
        ("été", true),
        ("ÉTÉ", true),
        ("łódź", true),
        ("ŁÓDŹ", true),
        ("ubergrosse", true),
        ("ÜBERGRÖSSE", true),
        ("rgroß", true),
        ("ete lodz", true),
        ("prïcing", true),
        ("задача", true),
        ("задачи", false),
    ] {
        let filter = TaskFilter {
            text: words.split(' ').map(str::to_owned).collect(),
            ..TaskFilter::default()
        };
        let expected = if is_found { vec!["W-1"] } else { Vec::new() };
        assert_eq!(ids(case, &filter).await, expected, "{words}");
    }
}

async fn text_filter_may_be_long(case: &Case) {
    let task = fixtures::task("T-1", false);
    case.store.tasks().insert(task).await.unwrap();
    let filter = TaskFilter {
        text: vec!["x".repeat(10_000)],
        ..TaskFilter::default()
    };
    assert_eq!(ids(case, &filter).await, Vec::<String>::new());
}

/// P-0 to P-9.
async fn insert_ten_tasks(case: &Case) {
    let names = (0..10).map(|number| format!("P-{number}"));
    let tasks: Vec<Task> = names.map(|name| fixtures::task(&name, false)).collect();
    let inserted = case.store.tasks().insert_many(&tasks, &|_| ()).await;
    inserted.unwrap();
}

async fn pages_of_any_size_are_listed(case: &Case) {
    insert_ten_tasks(case).await;
    for (limit, offset, expected) in [
        (None, 0, 0..10),
        (None, 7, 7..10),
        (Some(3), 0, 0..3),
        (Some(3), 8, 8..10),
        (Some(0), 0, 0..0),
        (Some(0), 5, 0..0),
        (Some(3), 10, 0..0),
        (None, 10, 0..0),
        (Some(u64::MAX), 0, 0..10),
        (Some(u64::MAX), 4, 4..10),
        (Some(3), u64::MAX, 0..0),
        (None, u64::MAX, 0..0),
    ] {
        let page = Page { limit, offset };
        let filter = TaskFilter {
            sort: TaskSort::Id,
            page,
            ..TaskFilter::default()
        };
        let expected: Vec<String> = expected.map(|number| format!("P-{number}")).collect();
        assert_eq!(ids(case, &filter).await, expected, "{page:?}");
        let count = case.store.tasks().count(&filter).await;
        assert_eq!(count.unwrap(), 10, "the count is that of all pages");
    }
    let last = TaskFilter {
        page: Page::first(2),
        reverse: true,
        ..TaskFilter::default()
    };
    assert_eq!(ids(case, &last).await, ["P-9", "P-8"]);
}
