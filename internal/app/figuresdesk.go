package app

import (
	"context"
	"io"
	"iter"

	"lapwing/internal/apikey"
	"lapwing/internal/indicator"
	"lapwing/internal/indicator/fromtable"
	"lapwing/internal/indicator/indicatorhttp"
)

// figuresDesk is what the routes of figures need of the desk.
type figuresDesk struct {
	*indicator.Service
	keys *apikey.Service
}

func (figuresDesk) ReadFigures(r io.Reader, o fromtable.Options) (*fromtable.Understood, iter.Seq2[indicator.Row, error], error) {
	return ReadFigures(r, o)
}

func (d figuresDesk) CheckKey(ctx context.Context, secret string, scopes ...string) (indicatorhttp.Grant, error) {
	want := make([]apikey.Scope, len(scopes))
	for i, s := range scopes {
		want[i] = apikey.Scope(s)
	}
	k, who, err := d.keys.Check(ctx, secret, want...)
	return indicatorhttp.Grant{Who: who, Source: k.Source, Indicators: k.Indicators}, err
}
