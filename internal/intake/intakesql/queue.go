package intakesql

import (
	"context"
	"fmt"
	"strings"

	"lapwing/internal/intake"
	"lapwing/internal/referral"
)

// Queue lists referrals in the order risk, completeness, newest first.
func (s Store) Queue(ctx context.Context, f intake.Filter) ([]intake.Summary, error) {
	var where []string
	var args []any
	arg := func(v any) string { args = append(args, v); return fmt.Sprintf("$%d", len(args)) }
	if !f.All {
		var in []string
		for _, st := range f.States {
			in = append(in, arg(string(st)))
		}
		where = append(where, "state IN ("+strings.Join(in, ",")+")")
	}
	if f.Country != "" {
		where = append(where, "EXISTS (SELECT 1 FROM intake_country c WHERE c.country = "+arg(f.Country)+" AND c.referral = r.id)")
	}
	if f.Source != "" {
		where = append(where, "source = "+arg(f.Source))
	}
	if f.Kind != "" {
		// "csam" selects csam.distribution too; '/' is the character after '.'.
		where = append(where, "(kind = "+arg(f.Kind)+" OR kind >= "+arg(f.Kind+".")+" AND kind < "+arg(f.Kind+"/")+")")
	}
	if f.Media != "" {
		where = append(where, "media = "+arg(string(f.Media)))
	}
	if f.MinRisk > 0 {
		where = append(where, "risk >= "+arg(int64(f.MinRisk)))
	}
	if p := f.After; p != nil {
		r, c, id := arg(int64(p.Risk)), arg(int64(p.Completeness)), arg(p.ID)
		where = append(where, fmt.Sprintf("(risk, completeness, id) < (%s, %s, %s)", r, c, id))
	}
	q := "SELECT " + headColumns + " FROM intake_referral r"
	if len(where) > 0 {
		q += " WHERE " + strings.Join(where, " AND ")
	}
	q += " ORDER BY risk DESC, completeness DESC, id DESC"
	if f.Limit > 0 {
		q += " LIMIT " + arg(int64(f.Limit))
	}
	out := []intake.Summary{}
	err := s.DB.Query(ctx, q, args, func(scan func(...any) error) error {
		h, err := scanHead(scan)
		out = append(out, intake.Summarise(h))
		return err
	})
	return out, err
}

func (s Store) CountStates(ctx context.Context) (map[referral.State]int64, error) {
	out := map[referral.State]int64{}
	err := s.DB.Query(ctx, "SELECT state, COUNT(*) FROM intake_referral GROUP BY state", nil, func(scan func(...any) error) error {
		var st referral.State
		var n int64
		err := scan(&st, &n)
		out[st] = n
		return err
	})
	return out, err
}

func (s Store) FindRef(ctx context.Context, prefix string) ([]string, error) {
	return s.refs(ctx, "SELECT ref FROM intake_referral WHERE ref >= $1 AND ref < $2 ORDER BY ref LIMIT 2", prefix, prefix+"\x7f")
}

func (s Store) FindExternal(ctx context.Context, externalID string) ([]string, error) {
	return s.refs(ctx, "SELECT ref FROM intake_referral WHERE external_id = $1 ORDER BY ref LIMIT 2", externalID)
}

func (s Store) refs(ctx context.Context, q string, args ...any) ([]string, error) {
	var out []string
	err := s.DB.Query(ctx, q, args, func(scan func(...any) error) error {
		var ref string
		err := scan(&ref)
		out = append(out, ref)
		return err
	})
	return out, err
}
