"""A WordPress site for the local server: its posts, and the API that gives them."""

import json
from urllib.parse import parse_qs, urlsplit


def post(number, **values):
    return {
        "id": number,
        "date": f"2026-11-{number:02}T07:30:00",
        "date_gmt": f"2026-11-{number:02}T06:30:00",
        "modified_gmt": f"2026-11-{number:02}T09:00:00",
        "link": f"http://blog.example/{number}",
        "title": {"rendered": f"Mill reopens &amp; closes {number}"},
        "content": {"rendered": "<p>The mill is open again, said Ruth Calloway.</p>"},
        "_embedded": {
            "author": [{"name": "Ann Teller"}],
            "wp:term": [
                [{"taxonomy": "category", "name": "Business &amp; Trade"}],
                [{"taxonomy": "post_tag", "name": "mills"}],
            ],
        },
        **values,
    }


class WordPress:
    """A WordPress API over some posts, newest first, as the handbook describes it."""

    def __init__(self, site, posts, *, tells_total=True):
        self.posts, self.tells_total, self.asked = posts, tells_total, []
        site.answer_any = self.answer
        self.site = site

    def answer(self, handler):
        parts = urlsplit(handler.path)
        if parts.path != "/wp-json/wp/v2/posts":
            return False
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.asked.append(query)
        chosen = [p for p in self.posts if query.get("after", "") < p["date"]]
        chosen = [p for p in chosen if p["date"] < query.get("before", "9")]
        size, page = int(query["per_page"]), int(query.get("page", 1))
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json; charset=UTF-8")
        if self.tells_total:
            handler.send_header("X-WP-Total", str(len(chosen)))
        handler.end_headers()
        handler.wfile.write(json.dumps(chosen[(page - 1) * size : page * size]).encode())
        return True
