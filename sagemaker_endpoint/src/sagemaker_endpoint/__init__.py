"""ImageLabeller's model: builds a model package and serves it as a SageMaker endpoint does."""
