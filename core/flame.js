(function () {
	"use strict";
	var LEFT = 10, WIDTH = 1180, GLYPH = 7.25, SLACK = 0.015;
	var frames = [], zoomed = 0, pattern = "";

	function id(name) { return document.getElementById(name); }
	function number(element, name) { return parseFloat(element.getAttribute(name)); }
	function columns(c) { return c.codePointAt(0) >= 0x1100 ? 2 : 1; }

	function cut(name, width) {
		var room = Math.floor((width - 6) / GLYPH), used = 0, text = "";
		if (room < 3)
			return "";
		for (var c of name)
			used += columns(c);
		if (used <= room)
			return name;
		used = 2;
		for (c of name) {
			used += columns(c);
			if (used > room)
				break;
			text += c;
		}
		return text + "..";
	}

	function place(f, x, width, faded) {
		f.element.setAttribute("display", "inline");
		f.element.setAttribute("opacity", faded ? "0.5" : "1");
		f.rect.setAttribute("x", x);
		f.rect.setAttribute("width", width);
		f.text.setAttribute("x", x + 3);
		f.text.textContent = cut(f.name, width);
	}

	function zoom(index) {
		var to = frames[index] || frames[0], scale = WIDTH / to.width;
		zoomed = frames[index] ? index : 0;
		frames.forEach(function (f) {
			var inside = f.x >= to.x - SLACK && f.x + f.width <= to.x + to.width + SLACK;
			var around = f.x <= to.x + SLACK && f.x + f.width >= to.x + to.width - SLACK;
			if (f.level < to.level && around)
				place(f, LEFT, WIDTH, true);
			else if (f.level >= to.level && inside)
				place(f, LEFT + (f.x - to.x) * scale, f.width * scale, false);
			else
				f.element.setAttribute("display", "none");
		});
		id("reset").setAttribute("display", zoomed ? "inline" : "none");
		remember();
	}

	function search(text) {
		var matches, sum = 0, end = -1;
		pattern = text || "";
		try {
			matches = new RegExp(pattern);
		} catch (error) {
			matches = new RegExp(pattern.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
		}
		frames.forEach(function (f) {
			f.found = pattern !== "" && matches.test(f.name);
			f.rect.setAttribute("fill", f.found ? "#e600e6" : f.fill);
		});
		/* What lies above another match is counted with it. */
		frames.filter(function (f) { return f.found; }).sort(function (a, b) {
			return a.x - b.x || a.level - b.level;
		}).forEach(function (f) {
			if (f.x < end - SLACK)
				return;
			sum += f.width;
			end = f.x + f.width;
		});
		id("matched").textContent = pattern ? "matched: " + (100 * sum / WIDTH).toFixed(2) + "%" : "";
		id("search").textContent = pattern ? "clear search" : "search";
		remember();
	}

	/* A link to the file leads to what is shown now. */
	function remember() {
		var hash = [];
		if (zoomed)
			hash.push("zoom=" + zoomed);
		if (pattern)
			hash.push("search=" + encodeURIComponent(pattern));
		try {
			history.replaceState(null, "", "#" + hash.join("&"));
		} catch (error) { /* not for every kind of address */ }
	}

	function recall() {
		var at = 0, text = "";
		location.hash.slice(1).split("&").forEach(function (part) {
			var value = part.slice(part.indexOf("=") + 1);
			if (/^zoom=\d+$/.test(part))
				at = +value;
			if (/^search=/.test(part))
				text = decodeURIComponent(value);
		});
		zoom(at);
		search(text);
	}

	function ask() {
		var text = pattern ? "" : prompt("Search for a function, by regular expression:", "");
		if (text !== null)
			search(text);
	}

	document.querySelectorAll("g.f").forEach(function (element, index) {
		var rect = element.querySelector("rect"), title = element.querySelector("title").textContent;
		var f = {
			element: element, rect: rect, text: element.querySelector("text"), found: false,
			title: title, name: title.slice(0, title.lastIndexOf(" (")), fill: rect.getAttribute("fill"),
			x: number(rect, "x"), width: number(rect, "width"), level: -number(rect, "y")
		};
		frames.push(f);
		element.addEventListener("click", function () { zoom(index); });
		element.addEventListener("mouseover", function () { id("details").textContent = f.title; });
		element.addEventListener("mouseout", function () { id("details").textContent = ""; });
	});
	id("reset").addEventListener("click", function () { zoom(0); });
	id("search").addEventListener("click", ask);
	window.addEventListener("hashchange", recall);
	window.addEventListener("keydown", function (event) {
		if (event.key === "/" || (event.ctrlKey && event.key === "f")) {
			event.preventDefault();
			pattern = "";
			ask();
		} else if (event.key === "Escape") {
			search("");
			zoom(0);
		}
	});
	id("search").setAttribute("display", "inline");
	recall();
})();
