"""The dashboard over the published file: pages in two languages, served by Streamlit (`make dashboard`)."""
