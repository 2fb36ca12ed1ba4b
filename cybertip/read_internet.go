package cybertip

func (d *decoder) internetDetails(n *InternetDetails) {
	variants := 0
	f := d.enter()
	f.disorder = true // a choice has no order
	for d.child(&f) {
		switch string(d.s.Local()) {
		case "webPageIncident":
			if d.one(&f, 0) {
				n.WebPage = new(WebPageIncident)
				d.webPage(n.WebPage)
				variants++
			}
		case "emailIncident":
			if d.one(&f, 1) {
				n.Email = new(EmailIncident)
				d.emailIncident(n.Email)
				variants++
			}
		case "newsgroupIncident":
			if d.one(&f, 2) {
				n.Newsgroup = new(NewsgroupIncident)
				d.newsgroup(n.Newsgroup)
				variants++
			}
		case "chatImIncident":
			if d.one(&f, 3) {
				n.Chat = new(ChatIncident)
				d.chat(n.Chat)
				variants++
			}
		case "onlineGamingIncident":
			if d.one(&f, 4) {
				n.Gaming = new(GamingIncident)
				d.gaming(n.Gaming)
				variants++
			}
		case "cellPhoneIncident":
			if d.one(&f, 5) {
				n.CellPhone = new(CellPhoneIncident)
				d.cellPhone(n.CellPhone)
				variants++
			}
		case "nonInternetIncident":
			if d.one(&f, 6) {
				n.NonInternet = new(NonInternetIncident)
				d.nonInternet(n.NonInternet)
				variants++
			}
		case "peer2peerIncident":
			if d.one(&f, 7) {
				n.PeerToPeer = new(PeerToPeerIncident)
				d.peerToPeer(n.PeerToPeer)
				variants++
			}
		default:
			d.unknown(&f)
		}
	}
	d.leave(&f)
	switch {
	case variants == 0:
		d.find(SeverityError, string(d.path), "must hold one kind of incident")
	case variants > 1:
		d.find(SeverityError, string(d.path), "may hold only one kind of incident")
	}
}

func (d *decoder) webPage(n *WebPageIncident) {
	attrs := d.attrs()
	for i := range attrs {
		v, ok := d.attr(&attrs[i])
		switch {
		case !ok:
		case string(attrs[i].Local) == "thirdPartyHostedContent":
			n.ThirdPartyHosted = d.asBool(v)
		default:
			d.unknownAttr()
		}
	}
	f := d.enter()
	for d.child(&f) {
		switch string(d.s.Local()) {
		case "url":
			d.item(&f, 0, len(n.URLs)+1)
			n.URLs = append(n.URLs, d.text(0))
		case "additionalInfo":
			if d.one(&f, 1) {
				n.AdditionalInfo = d.text(0)
			}
		default:
			d.unknown(&f)
		}
	}
	d.leave(&f)
}

func (d *decoder) emailIncident(n *EmailIncident) {
	f := d.enter()
	for d.child(&f) {
		switch string(d.s.Local()) {
		case "emailAddress":
			d.item(&f, 0, len(n.Emails)+1)
			d.email(more(&n.Emails))
		case "content":
			if d.one(&f, 1) {
				n.Content = d.text(0)
			}
		case "additionalInfo":
			if d.one(&f, 2) {
				n.AdditionalInfo = d.text(0)
			}
		default:
			d.unknown(&f)
		}
	}
	d.leave(&f)
}

func (d *decoder) newsgroup(n *NewsgroupIncident) {
	f := d.enter()
	for d.child(&f) {
		switch string(d.s.Local()) {
		case "name":
			if d.one(&f, 0) {
				n.Name = d.text(255)
			}
		case "emailAddress":
			d.item(&f, 1, len(n.Emails)+1)
			d.email(more(&n.Emails))
		case "content":
			if d.one(&f, 2) {
				n.Content = d.text(0)
			}
		case "additionalInfo":
			if d.one(&f, 3) {
				n.AdditionalInfo = d.text(0)
			}
		default:
			d.unknown(&f)
		}
	}
	d.leave(&f)
}

func (d *decoder) chat(n *ChatIncident) {
	f := d.enter()
	for d.child(&f) {
		switch string(d.s.Local()) {
		case "chatClient":
			if d.one(&f, 0) {
				n.Client = d.text(255)
			}
		case "chatRoomName":
			if d.one(&f, 1) {
				n.Room = d.text(255)
			}
		case "content":
			if d.one(&f, 2) {
				n.Content = d.text(0)
			}
		case "additionalInfo":
			if d.one(&f, 3) {
				n.AdditionalInfo = d.text(0)
			}
		default:
			d.unknown(&f)
		}
	}
	d.leave(&f)
}

func (d *decoder) gaming(n *GamingIncident) {
	f := d.enter()
	for d.child(&f) {
		switch string(d.s.Local()) {
		case "gameName":
			if d.one(&f, 0) {
				n.Game = d.text(255)
			}
		case "console":
			if d.one(&f, 1) {
				n.Console = d.text(255)
			}
		case "content":
			if d.one(&f, 2) {
				n.Content = d.text(0)
			}
		case "additionalInfo":
			if d.one(&f, 3) {
				n.AdditionalInfo = d.text(0)
			}
		default:
			d.unknown(&f)
		}
	}
	d.leave(&f)
}

func (d *decoder) cellPhone(n *CellPhoneIncident) {
	f := d.enter()
	for d.child(&f) {
		switch string(d.s.Local()) {
		case "phoneNumber":
			if d.one(&f, 0) {
				n.Phone = new(Phone)
				d.phone(n.Phone)
			}
		case "latitude":
			if d.one(&f, 1) {
				n.Latitude = d.asDegrees(d.leaf(), 90)
			}
		case "longitude":
			if d.one(&f, 2) {
				n.Longitude = d.asDegrees(d.leaf(), 180)
			}
		case "additionalInfo":
			if d.one(&f, 3) {
				n.AdditionalInfo = d.text(0)
			}
		default:
			d.unknown(&f)
		}
	}
	d.leave(&f)
}

func (d *decoder) nonInternet(n *NonInternetIncident) {
	f := d.enter()
	for d.child(&f) {
		switch string(d.s.Local()) {
		case "locationName":
			if d.one(&f, 0) {
				n.Location = d.text(255)
			}
		case "incidentAddress":
			d.item(&f, 1, len(n.Addresses)+1)
			d.address(more(&n.Addresses))
		case "additionalInfo":
			if d.one(&f, 2) {
				n.AdditionalInfo = d.text(0)
			}
		default:
			d.unknown(&f)
		}
	}
	d.leave(&f)
}

func (d *decoder) peerToPeer(n *PeerToPeerIncident) {
	f := d.enter()
	for d.child(&f) {
		switch string(d.s.Local()) {
		case "client":
			if d.one(&f, 0) {
				n.Client = d.text(255)
			}
		case "ipCaptureEvent":
			d.item(&f, 1, len(n.IPCaptures)+1)
			d.ipCapture(more(&n.IPCaptures))
		case "fileNames":
			if d.one(&f, 2) {
				n.FileNames = d.text(0)
			}
		case "additionalInfo":
			if d.one(&f, 3) {
				n.AdditionalInfo = d.text(0)
			}
		default:
			d.unknown(&f)
		}
	}
	d.leave(&f)
}
