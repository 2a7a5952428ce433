//! Lines over a logarithmic axis, as SVG.

use std::path::Path;

use plotters::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Outcome;

/// A chart of lines: how figures grow with a quantity.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Chart {
    /// The name of the file, without `.svg`.
    pub file: String,
    /// What is shown.
    pub caption: String,
    /// What is to the right.
    pub x: String,
    /// What is upwards.
    pub y: String,
    /// The lines, each with its name; the values of x and y are all above zero.
    pub lines: Vec<(String, Vec<(f64, f64)>)>,
}

impl Chart {
    /// Draws it into the folder.
    ///
    /// # Errors
    /// What the file system or the drawing says.
    pub fn draw(&self, folder: &Path) -> Outcome<()> {
        let path = folder.join(&self.file).with_extension("svg");
        let root = SVGBackend::new(&path, (860, 480)).into_drawing_area();
        root.fill(&WHITE)?;
        let points = || self.lines.iter().flat_map(|(_, points)| points);
        let (left, right) = span(points().map(|point| point.0));
        let (low, high) = span(points().map(|point| point.1));
        let mut chart = ChartBuilder::on(&root)
            .caption(&self.caption, ("sans-serif", 18))
            .margin(12)
            .x_label_area_size(44)
            .y_label_area_size(72)
            .build_cartesian_2d((left..right).log_scale(), (low..high).log_scale())?;
        chart
            .configure_mesh()
            .x_desc(&self.x)
            .y_desc(&self.y)
            .light_line_style(WHITE)
            .draw()?;
        for (at, (name, points)) in self.lines.iter().enumerate() {
            let colour = Palette99::pick(at).stroke_width(2);
            chart
                .draw_series(LineSeries::new(points.iter().copied(), colour))?
                .label(name)
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour));
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperLeft)
            .background_style(WHITE.mix(0.8))
            .border_style(BLACK)
            .draw()?;
        root.present()?;
        Ok(())
    }
}

/// From the least to the greatest, with some room around.
fn span(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (least, greatest) = values.fold((f64::INFINITY, 0.0_f64), |(least, greatest), value| {
        (least.min(value), greatest.max(value))
    });
    (least / 1.2, greatest * 1.4)
}
