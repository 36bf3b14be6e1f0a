"""Posting the usual way: flask-smorest, an ORM, marshmallow, flask-jwt-extended, and a Celery task for each message.

    gunicorn --workers 2 "bench.baselines.naive.web:create_app()"
    celery --app bench.baselines.naive.tasks worker

Both take DATABASE_URL, REDIS_URL and SECRET_KEY from the environment.
"""
