//! The bars of the charts, in the terminal and on the page.

/// A bar of a bar chart.
pub(super) struct Bar {
    pub(super) label: String,
    pub(super) value: f64,
    /// The value as it is displayed.
    pub(super) text: String,
}
