"""Names of engines and objectives and where their classes are: data, so that settings import none of them.

A new engine is a new file and a line here. Data only: settings name engines without importing them.
"""

# name -> (module, engine class, class of its draws), slowest and plainest first. The last one that can be imported
# is what `auto` takes.
ENGINES = {
    "reference": ("fastw2v.engines.reference:ReferenceEngine", "fastw2v.draws.numpy_draws:NumpyDraws"),
    "numpy": ("fastw2v.engines.numpy_engine:NumpyEngine", "fastw2v.draws.numpy_draws:NumpyDraws"),
    "numba": ("fastw2v.engines.numba.engine:NumbaEngine", "fastw2v.draws.numba_draws:NumbaDraws"),
}
AUTO = "auto"

# name -> class. A new one is a new file and a line here.
INPUTS = {"skip-gram": "fastw2v.objectives.inputs:SkipGram"}
OUTPUTS = {"negative-sampling": "fastw2v.objectives.negative_sampling:NegativeSampling"}
# What runs optimise.
INPUT, OUTPUT = "skip-gram", "negative-sampling"
