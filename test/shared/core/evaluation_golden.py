"""Writes evaluation.golden.json: the reference for test/shared/core/evaluation.test.ts.

python3 -m venv v && v/bin/pip install scikit-learn==1.9.1 numpy==2.4.6 scipy==1.17.1 statsmodels==0.15.0
v/bin/python test/shared/core/evaluation_golden.py > test/shared/core/evaluation.golden.json
"""

import json
import sys

import numpy as np
import scipy
import sklearn
import statsmodels
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from sklearn.metrics import confusion_matrix, log_loss, precision_recall_fscore_support, top_k_accuracy_score
from statsmodels.stats.proportion import proportion_confint

LABELS, PICTURES = 7, 60
rng = np.random.default_rng(20_251_125)
# Label 6 never occurs, and is predicted now and then.
truth = rng.integers(0, LABELS - 1, PICTURES)
logits = (3 * rng.normal(size=(PICTURES, LABELS)) + 4 * np.eye(LABELS)[truth]).astype(np.float32)
scores = np.exp(log_softmax(logits.astype(np.float64), axis=1))
predicted = logits.argmax(axis=1)
every = list(range(LABELS))
precision, recall, f1, support = precision_recall_fscore_support(truth, predicted, labels=every, zero_division=0)
present = support > 0


def mean_loss(log_factor):
    scaled = log_softmax(logits.astype(np.float64) / np.exp(log_factor), axis=1)
    return -scaled[np.arange(PICTURES), truth].mean()


def expected_calibration_error(edges=10):
    confidence, right = scores.max(axis=1), predicted == truth
    bins = np.ceil(confidence * edges) - 1
    return sum(
        (bins == b).mean() * abs(right[bins == b].mean() - confidence[bins == b].mean()) for b in set(bins)
    )


json.dump(
    {
        "versions": {
            "scikit-learn": sklearn.__version__,
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "statsmodels": statsmodels.__version__,
        },
        "truth": truth.tolist(),
        "logits": [[float(x) for x in row] for row in logits],
        "top1": top_k_accuracy_score(truth, scores, k=1, labels=every),
        "top1Interval": proportion_confint((predicted == truth).sum(), PICTURES, method="wilson"),
        "top5": top_k_accuracy_score(truth, scores, k=5, labels=every),
        "loss": log_loss(truth, scores, labels=every),
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "f1": f1.tolist(),
        "support": support.tolist(),
        "macro": [float(v[present].mean()) for v in (precision, recall, f1)],
        "confusion": confusion_matrix(truth, predicted, labels=every).tolist(),
        "ece": float(expected_calibration_error()),
        "temperature": float(np.exp(minimize_scalar(mean_loss, bounds=(-3, 3), method="bounded", options={"xatol": 1e-10}).x)),
    },
    sys.stdout,
)
print()
