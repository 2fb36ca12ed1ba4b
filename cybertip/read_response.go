package cybertip

func (d *decoder) response(r *Response) {
	f := d.enter()
	for d.child(&f) {
		switch string(d.s.Local()) {
		case "responseCode":
			if d.one(&f, 0) {
				r.Code = d.asInt(d.leaf(), 32)
			}
		case "responseDescription":
			if d.one(&f, 1) {
				r.Description = d.text(0)
			}
		case "reportId":
			if d.one(&f, 2) {
				r.ReportID = d.asInt(d.leaf(), 64)
			}
		case "fileId":
			if d.one(&f, 3) {
				r.FileID = d.text(0)
			}
		case "hash":
			if d.one(&f, 4) {
				r.Hash = d.text(0)
			}
		default:
			d.unknown(&f)
		}
	}
	d.leave(&f)
	d.require(&f, 0, "responseCode")
	d.require(&f, 1, "responseDescription")
}

func (d *decoder) doneResponse(r *DoneResponse) {
	f := d.enter()
	for d.child(&f) {
		switch string(d.s.Local()) {
		case "responseCode":
			if d.one(&f, 0) {
				r.Code = d.asInt(d.leaf(), 32)
			}
		case "reportId":
			if d.one(&f, 1) {
				r.ReportID = d.asInt(d.leaf(), 64)
			}
		case "files":
			if d.one(&f, 2) {
				d.fileIDs(r)
			}
		default:
			d.unknown(&f)
		}
	}
	d.leave(&f)
	d.require(&f, 0, "responseCode")
	d.require(&f, 1, "reportId")
	d.require(&f, 2, "files")
}

func (d *decoder) fileIDs(r *DoneResponse) {
	f := d.enter()
	for d.child(&f) {
		switch string(d.s.Local()) {
		case "fileId":
			d.item(&f, 0, len(r.FileIDs)+1)
			r.FileIDs = append(r.FileIDs, d.text(0))
		default:
			d.unknown(&f)
		}
	}
	d.leave(&f)
}
