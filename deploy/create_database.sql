-- The user and the database of the service, on a new cluster.
\getenv password CLAIMS_DATABASE_PASSWORD
CREATE ROLE claims LOGIN PASSWORD :'password';
CREATE DATABASE claims OWNER claims;
