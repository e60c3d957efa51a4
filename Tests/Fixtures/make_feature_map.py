"""Writes feature_map.json: features and scikit-learn's coordinates of them on two principal directions.

Needs numpy and scikit-learn (made with scikit-learn 1.9.1). The largest component of each direction is made positive.
"""

import json
import pathlib

import numpy as np
from sklearn.decomposition import PCA

HERE = pathlib.Path(__file__).resolve().parent


def main() -> None:
    random = np.random.default_rng(11)
    mixing = random.normal(size=(6, 6)) * [4, 2.5, 1, 0.6, 0.3, 0.1]
    features = (random.normal(size=(30, 6)) @ mixing.T + 20).astype(np.float32)
    pca = PCA(2, svd_solver="full").fit(features.astype(np.float64))
    directions = pca.components_
    signs = np.sign(directions[np.arange(2), np.abs(directions).argmax(1)])
    coordinates = pca.transform(features.astype(np.float64)) * signs
    content = {
        "features": features.tolist(),
        "coordinates": coordinates.tolist(),
        "shares": pca.explained_variance_ratio_.tolist(),
    }
    (HERE / "feature_map.json").write_text(json.dumps(content) + "\n")


main()
