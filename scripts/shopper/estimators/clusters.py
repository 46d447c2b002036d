"""Clusters of customers by k-means on standardised behaviour, for the Python model int_clusters_fitted.

k is the number with the best mean silhouette (Rousseeuw 1987, "Silhouettes: a graphical aid to the interpretation and
validation of cluster analysis"). The starts are computed, not drawn: the group with the greatest spread is cut at its
mean along its first principal axis until there are k (Su and Dy 2007, "In search of deterministic methods for
initializing K-means and Gaussian mixture clustering"). Rows are sorted by their values, not by customer, so that names
and the order of rows do not matter. On one thread, since sums of doubles depend on the number of threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from threadpoolctl import threadpool_limits

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]

MOST_CLUSTERS: Final = 8
# Least number of distinct customers for more than one cluster.
LEAST_DIFFERENT: Final = 20
# Sample sizes for centres, and for silhouettes, whose cost grows with the square.
FIT_SAMPLE: Final = 50_000
SILHOUETTE_SAMPLE: Final = 2_000
# A profile names features whose centre is this many standard deviations from the mean, at most three of them.
NOTABLE: Final = 0.5
MOST_WORDS: Final = 3

CLUSTERS: Final = pa.schema(
    [
        ("customer_id", pa.string()),
        ("cluster", pa.int64()),
        ("clusters", pa.int64()),
        ("silhouette", pa.float64()),
        ("distance", pa.float64()),
        ("profile", pa.string()),
        ("profile_zh", pa.string()),
    ]
)
_COMMAS: Final = (", ", "\N{FULLWIDTH COMMA}")
_AVERAGE: Final = ("close to the average customer", "接近平均水平")


@dataclass(frozen=True)
class Grouping:
    """Sorted centres (clusters x features, in standard deviations), and the silhouette (-1 to 1; None for one)."""

    centres: Floats
    silhouette: float | None


def clusters(inputs: pa.Table, features: pa.Table) -> pa.Table:
    """The columns of `CLUSTERS`, one row per customer, sorted by customer_id.

    inputs: customer_id and a numeric column for every feature, null if unknown. features: feature, scale (log or
    plain), label_high, label_low, label_high_zh, label_low_zh.
    """
    if not inputs.num_rows or not features.num_rows:
        return CLUSTERS.empty_table()
    inputs = inputs.sort_by("customer_id")
    words = sorted(features.to_pylist(), key=lambda row: row["feature"])
    values = standardised(inputs, words)
    grouping = group(values)
    labels, distances = nearest(values, grouping.centres)
    profiles = [(profile(centre, words), profile(centre, words, "_zh")) for centre in grouping.centres]
    return pa.table(
        [
            inputs["customer_id"].cast(pa.string()).combine_chunks(),
            pa.array(labels + 1, pa.int64()),
            pa.array([len(grouping.centres)] * len(labels), pa.int64()),
            pa.array([grouping.silhouette] * len(labels), pa.float64()),
            pa.array([float(f"{distance:.9e}") for distance in distances], pa.float64()),
            pa.array([profiles[label][0] for label in labels], pa.string()),
            pa.array([profiles[label][1] for label in labels], pa.string()),
        ],
        schema=CLUSTERS,
    )


def standardised(inputs: pa.Table, features: Sequence[dict[str, Any]]) -> Floats:
    """Customers x features with mean 0 and standard deviation 1. Unknown values and constant features are 0."""
    columns = []
    for feature in features:
        cells = inputs[feature["feature"]].to_pylist()
        values = np.array([np.nan if cell is None else float(cell) for cell in cells], dtype=np.float64)
        if feature["scale"] == "log":
            values = np.log1p(values)
        known = values[~np.isnan(values)]
        spread = float(known.std()) if len(known) else 0.0
        if spread <= 1e-12:
            columns.append(np.zeros(len(values)))
        else:
            columns.append(np.nan_to_num((values - known.mean()) / spread, nan=0.0))
    return np.stack(columns, axis=1)


def group(values: Floats) -> Grouping:
    """The grouping into 2 to `MOST_CLUSTERS` clusters with the best silhouette; one cluster if too few customers
    differ.
    """
    values = values[np.lexsort(np.round(values, 9).T[::-1])]
    fitted = values[_sample(len(values), FIT_SAMPLE)]
    sample = fitted[_sample(len(fitted), SILHOUETTE_SAMPLE)]
    if len(np.unique(sample, axis=0)) < LEAST_DIFFERENT:
        return Grouping(values.mean(axis=0, keepdims=True), None)
    best: Grouping | None = None
    with threadpool_limits(limits=1):
        for count in range(2, MOST_CLUSTERS + 1):
            means = KMeans(n_clusters=count, init=starts(fitted, count), n_init=1, random_state=0).fit(fitted)
            labels, _ = nearest(sample, means.cluster_centers_)
            # The sample may contain only one cluster.
            if len(np.unique(labels)) > 1:
                silhouette = float(f"{silhouette_score(sample, labels):.9e}")
                if best is None or best.silhouette is None or silhouette > best.silhouette:
                    best = Grouping(ordered(means.cluster_centers_), silhouette)
    return best or Grouping(values.mean(axis=0, keepdims=True), None)


def starts(values: Floats, count: int) -> Floats:
    """Starting centres: the means of `count` groups, each cut from the group with the greatest squared distances."""
    groups = [values]
    while len(groups) < count:
        spreads = [float(((rows - rows.mean(axis=0)) ** 2).sum()) for rows in groups]
        place = int(np.argmax(np.round(spreads, 6)))
        widest = groups.pop(place)
        along = np.round((widest - widest.mean(axis=0)) @ main_axis(widest), 9)
        groups[place:place] = [widest[along > 0], widest[along <= 0]]
    return np.stack([rows.mean(axis=0) for rows in groups])


def main_axis(values: Floats) -> Floats:
    """The first principal axis (features), of length 1, with its greatest coordinate above 0."""
    axis: Floats = np.linalg.eigh(np.cov(values, rowvar=False, bias=True).reshape(values.shape[1], -1))[1][:, -1]
    return axis if axis[np.argmax(np.round(np.abs(axis), 9))] > 0 else -axis


def ordered(centres: Floats) -> Floats:
    """Centres sorted by the feature that keeps them farthest apart, the highest first.

    That is the feature with the greatest least distance between two centres, so that a small change of the data does
    not swap the numbers of clusters. Equal ones are sorted by their other coordinates.
    """
    rounded = np.round(centres, 9)
    gaps = np.diff(np.sort(rounded, axis=0), axis=0).min(axis=0, initial=np.inf)
    return centres[np.lexsort([*-rounded.T[::-1], -rounded[:, int(np.argmax(gaps))]])]


def nearest(values: Floats, centres: Floats) -> tuple[Labels, Floats]:
    """Index of the nearest centre of every row (the first on ties), and the distance to it."""
    distances = np.stack([np.sqrt(((values - centre) ** 2).sum(axis=1)) for centre in centres], axis=1)
    labels = np.round(distances, 9).argmin(axis=1)
    return labels, distances[np.arange(len(values)), labels]


def profile(centre: Floats, features: Sequence[dict[str, Any]], language: str = "") -> str:
    """A line of text on a centre: its notable features, the most notable first. `language`: empty or `_zh`."""
    by_size = np.argsort(-np.abs(np.round(centre, 9)), kind="stable")
    notable = [place for place in by_size if abs(centre[place]) >= NOTABLE]
    words = [
        features[place][f"label_{'high' if centre[place] > 0 else 'low'}{language}"] for place in notable[:MOST_WORDS]
    ]
    return _COMMAS[bool(language)].join(words) or _AVERAGE[bool(language)]


def _sample(rows: int, most: int) -> Labels:
    """Indexes of at most `most` rows, evenly spaced."""
    return np.arange(rows) if rows <= most else (np.arange(most) * rows) // most
